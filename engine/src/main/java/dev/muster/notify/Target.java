package dev.muster.notify;

import dev.muster.problem.MusterException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a message goes. Its text is scheme, host and port only: in addresses of webhooks the path
 * and the query are often the secret.
 *
 * @param uri without user and password
 * @param login the value of an Authorization header
 */
public record Target(URI uri, Optional<String> login) {

  /**
   * Reads an address.
   *
   * @throws MusterException when it is none that can be posted to; it does not repeat the address
   */
  public static Target of(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw wrong("it is no URL");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw wrong("it begins with neither https:// nor http://");
    }
    if (uri.getHost() == null) {
      throw wrong("it has no host");
    }
    if (uri.getUserInfo() == null) {
      return new Target(uri, Optional.empty());
    }
    try {
      URI bare =
          new URI(
              scheme
                  + "://"
                  + uri.getRawAuthority().substring(uri.getRawUserInfo().length() + 1)
                  + (uri.getRawPath() == null ? "" : uri.getRawPath())
                  + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
      byte[] login = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
      return new Target(bare, Optional.of("Basic " + Base64.getEncoder().encodeToString(login)));
    } catch (URISyntaxException e) {
      throw wrong("it is no URL");
    }
  }

  private static MusterException wrong(String why) {
    return MusterException.of(
        "the address of --notify cannot be used: " + why,
        "give one such as https://hooks.example.com/muster, or @FILE for a file that holds it");
  }

  @Override
  public String toString() {
    return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }
}
