package dev.muster.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the token of a ServiceAccount says of itself. Its signature is not looked at: only the
 * cluster that issued it can tell whether it holds.
 *
 * @param subject {@code system:serviceaccount:NAMESPACE:NAME}
 * @param uid of the account; empty when it does not say
 * @param issued when it began; empty when it does not say
 * @param expires when it ends; empty when it has no end
 */
public record AccountToken(
    String subject, String uid, Optional<Instant> issued, Optional<Instant> expires) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Base64 as it is in addresses; a token that nobody has signed ends with its last dot. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]*");

  /** Reads a JSON Web Token; empty for anything else. */
  public static Optional<AccountToken> read(String token) {
    String[] parts = token.strip().split("\\.", -1);
    // A document that holds a token has two dots, too.
    if (parts.length != 3 || !Stream.of(parts).allMatch(FORM.asMatchPredicate())) {
      return Optional.empty();
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      return claims == null || !claims.isObject()
          ? Optional.empty()
          : Optional.of(
              new AccountToken(
                  claims.path("sub").asText(),
                  claims.path("kubernetes.io").path("serviceaccount").path("uid").asText(),
                  time(claims.path("iat")),
                  time(claims.path("exp"))));
    } catch (IOException | RuntimeException notAToken) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> time(JsonNode seconds) {
    return seconds.isNumber() && seconds.canConvertToLong()
        ? Optional.of(Instant.ofEpochSecond(seconds.asLong()))
        : Optional.empty();
  }

  /** The subject of an account's tokens. */
  public static String subject(String namespace, String name) {
    return "system:serviceaccount:" + namespace + ":" + name;
  }
}
