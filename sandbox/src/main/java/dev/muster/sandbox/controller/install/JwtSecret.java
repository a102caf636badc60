package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Secret kubesphere-secret: where the value of the configuration really comes from. */
public final class JwtSecret {
  private static final String NAME = "kubesphere-secret";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_.=/+-]*");
  private static final SecureRandom RANDOM = new SecureRandom();

  private JwtSecret() {}

  public static String random(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  /** The value goes through a shell line unquoted; with other characters that line fails. */
  static boolean survivesTheShell(String value) {
    return SAFE.matcher(value).matches();
  }

  /**
   * What a run does: a value in the spec replaces the whole Secret each time, changed or not;
   * without one the Secret is only made when it is not there.
   */
  public static void ensure(ApiClient api, KubeSphereVersion version, String wanted) {
    if (!wanted.isEmpty()) {
      api.delete(Kind.SECRET, "kubesphere-system", NAME);
      api.create(Kind.SECRET, secret(wanted));
      return;
    }
    if (api.find(Kind.SECRET, "kubesphere-system", NAME).isEmpty()) {
      ObjectNode secret = secret(random(32));
      if (version.atLeast(3, 3)) {
        Json.at(secret, "data").put("initAdminPassword", base64("Ini" + random(12)));
      }
      api.createIfAbsent(Kind.SECRET, secret);
    }
  }

  /** The Secret as an earlier installation left it, with this value or a random one. */
  static void seed(ApiClient api, KubeSphereVersion version, String value) {
    ObjectNode secret = secret(value.isEmpty() ? random(32) : value);
    if (version.atLeast(3, 3)) {
      Json.at(secret, "data").put("initAdminPassword", base64("Ini" + random(12)));
    }
    api.createIfAbsent(Kind.SECRET, secret);
  }

  public static String read(ApiClient api) {
    return value(api, "secret").orElse("");
  }

  /** The password that the success block shows. */
  static String adminPassword(ApiClient api) {
    return value(api, "initAdminPassword").orElse("P@88w0rd");
  }

  private static Optional<String> value(ApiClient api, String key) {
    return api.find(Kind.SECRET, "kubesphere-system", NAME)
        .map(secret -> secret.path("data").path(key).asText())
        .filter(text -> !text.isEmpty())
        .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
  }

  private static ObjectNode secret(String value) {
    ObjectNode secret = Json.object();
    secret.putObject("metadata").put("name", NAME).put("namespace", "kubesphere-system");
    secret.put("type", "Opaque");
    ObjectNode data = secret.putObject("data");
    data.put("secret", base64(value));
    // A token signed with the secret; nobody checks it here, so it only looks like one.
    String token =
        base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + random(60) + "." + random(43);
    data.put("token", base64(token));
    return secret;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
