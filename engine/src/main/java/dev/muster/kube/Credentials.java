package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.kube.Kubeconfig.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who a kubeconfig's user is, without a plugin. */
final class Credentials {
  private static final String REMOVED = "the kubeconfig's auth-provider \"%s\" is not supported%s";

  private Credentials() {}

  /** Whether the file itself says it; then kubectl too asks no plugin. */
  static boolean fixed(Entry user) {
    return List.of("token", "tokenFile", "username").stream()
        .anyMatch(field -> !user.text(field).isEmpty());
  }

  /**
   * @param address the login that stands in the server's address; used, as kubectl does, by whoever
   *     has no other
   */
  static Login.Credential of(Entry user, Optional<String> address) {
    String token = user.text("token").isEmpty() ? "" : "Bearer " + user.text("token");
    Optional<Path> file = user.path("tokenFile");
    if (file.isPresent()) {
      if (token.isEmpty()) {
        // Told at once when it cannot be read at all.
        fromFile(file.get());
      }
      // Read each time: kubelets and agents rotate such files in place.
      return () -> {
        try {
          return fromFile(file.get());
        } catch (NoAccess e) {
          if (token.isEmpty()) {
            throw e;
          }
          return token;
        }
      };
    }
    if (!token.isEmpty()) {
      return () -> token;
    }
    if (!user.text("username").isEmpty()) {
      String basic = basic(user.text("username") + ":" + user.text("password"));
      return () -> basic;
    }
    if (user.node().has("auth-provider")) {
      String bearer = provided(user.node().path("auth-provider"));
      return () -> bearer;
    }
    String last = address.map(login -> basic(login.contains(":") ? login : login + ":")).orElse("");
    return () -> last;
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String fromFile(Path file) {
    String token = new String(Entry.bytes(file, "token"), StandardCharsets.UTF_8).strip();
    if (token.isEmpty()) {
      throw new NoAccess("the token file " + file + " is empty");
    }
    return "Bearer " + token;
  }

  /** Of the old providers kubectl itself has only this one left. */
  private static String provided(JsonNode provider) {
    String name = provider.path("name").asText();
    if (!name.equals("oidc")) {
      throw new NoAccess(
          REMOVED.formatted(
              name, ", nor is it by kubectl from 1.26 on; use the exec plugin of its vendor"));
    }
    String token = provider.path("config").path("id-token").asText();
    if (token.isEmpty() || expired(token)) {
      throw new NoAccess(
          "the kubeconfig's auth-provider oidc has no id-token that is still valid; kubectl renews"
              + " it: run kubectl get --raw /version with this context, then the same again");
    }
    return "Bearer " + token;
  }

  private static boolean expired(String token) {
    String[] parts = token.split("\\.");
    if (parts.length != 3) {
      throw new NoAccess("the id-token of the kubeconfig's auth-provider oidc is no JWT");
    }
    try {
      String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
      long until = Reply.parse(claims).path("exp").asLong();
      // Kubectl takes one that has less than ten seconds left for expired.
      return Instant.ofEpochSecond(until).isBefore(Instant.now().plusSeconds(10));
    } catch (IllegalArgumentException e) {
      throw new NoAccess("the id-token of the kubeconfig's auth-provider oidc is no JWT");
    }
  }

  /** The headers that ask to be taken for somebody else. */
  static List<Map.Entry<String, String>> impersonation(Entry user) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    if (user.text("as").isEmpty()) {
      return headers;
    }
    headers.add(Map.entry("Impersonate-User", user.text("as")));
    if (!user.text("as-uid").isEmpty()) {
      headers.add(Map.entry("Impersonate-Uid", user.text("as-uid")));
    }
    for (JsonNode group : user.node().path("as-groups")) {
      headers.add(Map.entry("Impersonate-Group", group.asText()));
    }
    user.node()
        .path("as-user-extra")
        .fields()
        .forEachRemaining(
            extra -> {
              for (JsonNode value : extra.getValue()) {
                headers.add(
                    Map.entry("Impersonate-Extra-" + headerKey(extra.getKey()), value.asText()));
              }
            });
    return headers;
  }

  /** Lower case, and percent-encoded where a header's name may not have the character. */
  private static String headerKey(String key) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : key.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || "!#$&'*+-.^_`|~".indexOf(b) >= 0;
      encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return encoded.toString();
  }
}
