package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.MusterException;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import dev.muster.yaml.YamlDocument;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What of a secret text must not be seen when it comes back in other words: a whole file is rarely
 * quoted as a whole, but a key or a token out of it is.
 */
public final class SecretText {
  private static final int SHORTEST_KEY = 32;

  private static final Pattern SECRET_KEY =
      Pattern.compile(".*(password|passwd|passphrase|token|secret|credential|-data|key|cert).*");

  private static final Pattern LOOKS_LIKE_KEY = Pattern.compile("[A-Za-z0-9+/_=.~-]+");

  private SecretText() {}

  /** The same place, its excerpt left out when the line seems to hold a secret. */
  public static Where guarded(Where where) {
    return LiteralSecrets.guarded(where);
  }

  /** Teaches a redactor the text, the text in base64, and each secret part of a document. */
  public static void teach(Redactor redactor, String text) {
    redactor.learn(text);
    redactor.learn(text.strip());
    redactor.learn(base64(text));
    // As a file of it has it, whose last line has an end.
    redactor.learn(base64(text.stripTrailing() + "\n"));
    if (text.contains("\n") || text.strip().startsWith("{")) {
      try {
        parts("", YamlDocument.parse(text).json(), redactor);
      } catch (MusterException e) {
        // No document: then its lines are all that can be quoted.
        text.lines().map(String::strip).filter(SecretText::likeKey).forEach(redactor::learn);
      }
    }
  }

  private static void parts(String key, JsonNode node, Redactor redactor) {
    if (node.isTextual()) {
      String value = node.asText();
      boolean named = SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).matches();
      if (named || likeKey(value) && !key.equals("name")) {
        redactor.learn(value);
      }
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      parts(entry.getKey(), entry.getValue(), redactor);
    }
    if (node.isArray()) {
      node.forEach(element -> parts(key, element, redactor));
    }
  }

  private static boolean likeKey(String text) {
    return text.length() >= SHORTEST_KEY && LOOKS_LIKE_KEY.matcher(text).matches();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
