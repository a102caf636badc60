package dev.muster.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows the sensitive values that a process has seen and takes them out of any text. The last net:
 * values are kept out of outputs by where they come from; this one catches those that come back
 * inside somebody else's words, such as a log line or a server's error. Safe for use by several
 * threads.
 */
public final class Redactor {
  /** What stands in the place of a sensitive value. */
  public static final String MASK = "(sensitive)";

  /** Shorter values would tear ordinary words apart. */
  private static final int SHORTEST = 8;

  private static final Pattern KEY =
      Pattern.compile("(?:--?[A-Za-z0-9-]+=)?([A-Za-z0-9+/_=]{32,})");

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private volatile List<String> longestFirst = List.of();

  /** Remembers every text at or below this node. */
  public void learn(JsonNode value) {
    if (value.isTextual()) {
      learn(value.asText());
    }
    value.forEach(this::learn);
  }

  public void learn(String secret) {
    if (secret.length() >= SHORTEST) {
      if (secrets.add(secret)) {
        longestFirst = List.of();
      }
    }
  }

  /** Remembers the values at these dotted paths, lists on the way passed through. */
  public void learn(JsonNode tree, List<String> paths) {
    paths.forEach(path -> learnAt(tree, List.of(path.split("\\."))));
  }

  private void learnAt(JsonNode tree, List<String> path) {
    if (path.isEmpty() && tree.isArray()) {
      tree.forEach(this::learnArgument);
    } else if (path.isEmpty()) {
      learn(tree);
    } else if (tree.isArray()) {
      tree.forEach(element -> learnAt(element, path));
    } else if (tree.has(path.get(0))) {
      learnAt(tree.get(path.get(0)), path.subList(1, path.size()));
    }
  }

  /**
   * A list is mostly a command line, of which one argument is secret: masking the others would tear
   * addresses and names out of ordinary text. So only what looks like a key is remembered.
   */
  private void learnArgument(JsonNode argument) {
    Matcher key = KEY.matcher(argument.asText());
    if (!argument.isTextual()) {
      learn(argument);
    } else if (key.matches()) {
      learn(key.group(1));
    }
  }

  /** Whether a text is, or as a command-line argument carries, something that looks like a key. */
  public static boolean looksLikeKey(String text) {
    return KEY.matcher(text).matches();
  }

  /** The text without any sensitive value. */
  public String mask(String text) {
    String masked = text;
    for (String secret : longestFirst()) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }

  private List<String> longestFirst() {
    List<String> sorted = longestFirst;
    if (sorted.size() != secrets.size()) {
      sorted = secrets.stream().sorted(Comparator.comparing(String::length).reversed()).toList();
      longestFirst = sorted;
    }
    return sorted;
  }
}
