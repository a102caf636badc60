package dev.muster.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.bound.Bounds;
import dev.muster.digest.Sha256;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads artifacts of a registry by the OCI distribution specification: a manifest, and the one
 * layer of a kind. Nothing is taken that is not what its digest says, and nothing that a registry
 * says in its own words is in any message.
 */
public final class Registry {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"\\\\]*)\"");

  private final ImageName image;
  private final DockerLogins logins;
  private final Exchange exchange;
  private Optional<String> authorization = Optional.empty();

  /**
   * @param deadline for all requests together
   */
  public Registry(ImageName image, DockerLogins logins, Duration deadline) {
    this.image = image;
    this.logins = logins;
    this.exchange = new Exchange(deadline);
  }

  /**
   * The bytes of the manifest.
   *
   * @param digest what it has to be; empty for whatever the tag stands for now
   * @throws MusterException when it cannot be had, or is not what it has to be
   */
  public byte[] manifest(Optional<String> digest) {
    Optional<String> wanted = digest.or(image::digest);
    byte[] manifest =
        fetched(
            "manifests/" + wanted.or(image::tag).orElseThrow(),
            Map.of("Accept", MANIFEST + ", " + INDEX),
            Bounds.OCI_MANIFEST);
    wanted.ifPresent(expected -> verify("manifest", manifest, expected));
    return manifest;
  }

  /**
   * The content of the one layer that has a media type.
   *
   * @param manifest as it was verified
   * @throws MusterException when there is not exactly one, or it is not what the manifest says
   */
  public byte[] layer(byte[] manifest, String mediaType) {
    Layer layer = layerOf(manifest, mediaType);
    byte[] content =
        fetched("blobs/" + layer.digest(), Map.of(), (int) Math.min(layer.size(), Bounds.FILE));
    verify("layer", content, layer.digest());
    return content;
  }

  private record Layer(String digest, long size) {}

  private Layer layerOf(byte[] manifest, String mediaType) {
    try {
      return layer(JSON.readTree(manifest), mediaType);
    } catch (JsonProcessingException e) {
      throw failed("its manifest is no JSON");
    } catch (IOException e) {
      throw failed(e instanceof Unfetched unfetched ? unfetched.why() : "its manifest is broken");
    }
  }

  /** The digest of the layer, for whoever has it already. */
  public static Optional<String> layerDigest(byte[] manifest, String mediaType) {
    try {
      return Optional.of(layer(JSON.readTree(manifest), mediaType).digest());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Layer layer(JsonNode manifest, String mediaType) throws Unfetched {
    if (manifest.has("manifests")) {
      throw new Unfetched("it is an index of several artifacts, name one of them by its digest");
    }
    Optional<JsonNode> found = Optional.empty();
    for (JsonNode layer : manifest.path("layers")) {
      if (layer.path("mediaType").asText().equals(mediaType)) {
        if (found.isPresent()) {
          throw new Unfetched("it has more than one layer " + mediaType);
        }
        found = Optional.of(layer);
      }
    }
    JsonNode layer = found.orElseThrow(() -> new Unfetched("it has no layer " + mediaType));
    String digest = layer.path("digest").asText();
    if (!Sha256.isDigest(digest)) {
      throw new Unfetched("its layer has no digest of the form sha256:...");
    }
    long size = layer.path("size").asLong(-1);
    if (size < 0 || size > Bounds.FILE) {
      throw new Unfetched("its layer is larger than " + (Bounds.FILE >> 20) + " MiB");
    }
    return new Layer(digest, size);
  }

  private void verify(String what, byte[] content, String expected) {
    String found = Sha256.of(content);
    if (!found.equals(expected)) {
      throw MusterException.of(
          "the registry sent another " + what + " than asked for: " + image,
          "expected " + expected,
          "found    " + found,
          "somebody changes what it serves; do not take the new digest without looking");
    }
  }

  private byte[] fetched(String path, Map<String, String> headers, int largest) {
    URI url =
        URI.create(
            (image.local() ? "http" : "https")
                + "://"
                + image.registry()
                + "/v2/"
                + image.repository()
                + "/"
                + path);
    try {
      Exchange.Reply reply = ask(url, headers, largest);
      if (reply.status() == 401) {
        authorize(reply.header("www-authenticate").orElse(""));
        reply = ask(url, headers, largest);
      }
      if (reply.status() != 200) {
        throw new Unfetched(meaning(reply.status()));
      }
      return reply.body();
    } catch (Unfetched e) {
      throw failed(e.why());
    }
  }

  /** Redirects are followed; the login stays with the server that it is for. */
  private Exchange.Reply ask(URI url, Map<String, String> headers, int largest) throws Unfetched {
    return exchange.follow(
        url,
        at -> {
          Map<String, String> all = new LinkedHashMap<>(headers);
          if (at.getRawAuthority().equals(url.getRawAuthority())
              && at.getScheme().equals(url.getScheme())) {
            authorization.ifPresent(login -> all.put("Authorization", login));
          }
          return all;
        },
        largest);
  }

  private String meaning(int status) {
    return switch (status) {
      case 401, 403 ->
          "the registry says no (" + status + "); log in with: docker login " + image.registry();
      case 404 -> "the registry does not have it";
      case 429 -> "the registry has had too many requests (429); try again later";
      default -> "the registry answered " + status;
    };
  }

  /** A login, or a token for everybody, whichever the registry wants. */
  private void authorize(String challenge) throws Unfetched {
    Optional<DockerLogins.Login> login = logins.of(image.registry());
    if (challenge.regionMatches(true, 0, "Basic", 0, 5)) {
      authorization = login.map(DockerLogins.Login::basic);
    } else if (challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
      authorization = Optional.of("Bearer " + token(parameters(challenge), login));
    }
    if (authorization.isEmpty()) {
      throw new Unfetched(meaning(401));
    }
  }

  private static Map<String, String> parameters(String challenge) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2));
    }
    return parameters;
  }

  private String token(Map<String, String> wanted, Optional<DockerLogins.Login> login)
      throws Unfetched {
    StringBuilder query = new StringBuilder();
    query.append("scope=").append(encoded("repository:" + image.repository() + ":pull"));
    Optional.ofNullable(wanted.get("service"))
        .ifPresent(service -> query.append("&service=").append(encoded(service)));
    URI realm = realm(wanted.getOrDefault("realm", ""), query.toString());
    Map<String, String> headers = new LinkedHashMap<>();
    login.ifPresent(known -> headers.put("Authorization", known.basic()));
    Exchange.Reply reply = exchange.get(realm, headers, Bounds.CREDENTIAL);
    if (reply.status() != 200) {
      throw new Unfetched(meaning(reply.status()));
    }
    try {
      JsonNode answer = JSON.readTree(reply.body());
      String token = answer.path("token").asText(answer.path("access_token").asText());
      if (!token.matches("[\\x21-\\x7e]+")) {
        throw new Unfetched("the registry gives no token");
      }
      return token;
    } catch (Unfetched e) {
      throw e;
    } catch (IOException e) {
      throw new Unfetched("the registry gives no token");
    }
  }

  /** The registry says where its tokens are; a login goes there encrypted, or not at all. */
  private URI realm(String written, String query) throws Unfetched {
    try {
      URI realm = URI.create(written + (written.contains("?") ? "&" : "?") + query);
      boolean plain = "http".equalsIgnoreCase(realm.getScheme());
      if (realm.getHost() != null
          && ("https".equalsIgnoreCase(realm.getScheme()) || plain && image.local())) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      throw new Unfetched("the registry names no address for its tokens");
    }
    throw new Unfetched("the registry names no https address for its tokens");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private MusterException failed(String why) {
    return MusterException.of("cannot fetch " + image + ": " + why);
  }
}
