package dev.muster.credential;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * The token of a ServiceAccount as clusters that are played issue it: all claims of a real one, and
 * in the place of the signature what tells it from others.
 *
 * @param issuer the cluster, as an address
 * @param uid of the account
 * @param number tells it from others that are otherwise the same
 */
public record UnsignedToken(
    String issuer,
    String namespace,
    String name,
    String uid,
    List<String> audiences,
    Instant now,
    Duration duration,
    String number) {
  public UnsignedToken {
    audiences = List.copyOf(audiences);
  }

  /** The token. */
  public String text() {
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    audiences.forEach(claims.putArray("aud")::add);
    claims.put("exp", now.plus(duration).getEpochSecond());
    claims.put("iat", now.getEpochSecond()).put("iss", issuer);
    claims.put("jti", id(issuer + " " + number));
    ObjectNode own = claims.putObject("kubernetes.io").put("namespace", namespace);
    own.putObject("serviceaccount").put("name", name).put("uid", uid);
    claims.put("sub", AccountToken.subject(namespace, name));
    return encoded("{\"alg\":\"none\"}")
        + "."
        + encoded(claims.toString())
        + "."
        + encoded(id(claims.toString()));
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "a token of " + AccountToken.subject(namespace, name);
  }

  private static String id(String seed) {
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
