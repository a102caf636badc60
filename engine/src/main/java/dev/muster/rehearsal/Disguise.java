package dev.muster.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.credential.AccountToken;
import dev.muster.problem.MusterException;
import dev.muster.resource.FieldRules;
import dev.muster.yaml.YamlDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts placeholders in the place of secrets: the values that the plan calls sensitive, those whose
 * key or argument says that they are secret, all of a Secret, also inside texts that are YAML or
 * JSON themselves; and a long one wherever else it occurs. All objects have to be learned first.
 */
public final class Disguise {
  private static final Pattern NAME =
      Pattern.compile(
          ".*(password|passwd|passphrase|token|secret|credentials?|secretkey|privatekey|clientkey"
              + "|clientkeydata|apikey|accesskey)");
  private static final Pattern ARGUMENT =
      Pattern.compile("(--?[A-Za-z0-9-]*(?:token|password|secret|key)=)(.+)");
  private static final Pattern KEY =
      Pattern.compile("((?:--?[A-Za-z0-9-]+=)?)([A-Za-z0-9+/_=]{32,})");
  private static final Pattern LINE =
      Pattern.compile(
          "(?im)^(\\s*(?:- )?[\\w.-]*(?:password|passwd|passphrase|token|secret|credentials?|key)"
              + "[\"']?\\s*:[ \\t]*)([\"']?)(\\S.*?)\\2$");
  private static final Pattern IN_ADDRESS = Pattern.compile("(://[^/@\\s:]*:)([^/@\\s]+)(?=@)");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A shorter text in this alphabet may be a word. */
  private static final int BASE64 = 24;

  /** The path of everything. */
  private static final List<List<String>> WHOLE = List.of(List.of());

  /** A number of fewer digits is an amount. */
  private static final int DIGITS = 6;

  private final Placeholder placeholders;
  private final Set<String> produced = new HashSet<>();
  private final Telling telling = new Telling();
  private final Map<String, String> made = new HashMap<>();

  /**
   * @param key random bytes, of which nothing is kept anywhere
   */
  public Disguise(byte[] key) {
    this.placeholders = new Placeholder(key);
  }

  /** Whether a text still holds a secret that would be told by it. */
  public boolean holdsSecret(String text) {
    return telling.in(text);
  }

  /** Finds the secrets of an object; changes nothing. */
  public void learn(JsonNode object, FieldRules rules) {
    var unused = object(object, rules);
  }

  /** A secret that stands alone, such as a file's content. */
  public String value(String secret) {
    note(secret);
    String made = made(secret);
    produced.add(made);
    return made;
  }

  /** One that has nothing secret inside is secret as a whole. */
  private String made(String secret) {
    String known = made.get(secret);
    if (known == null) {
      known =
          inner(secret)
              .filter(text -> !text.equals(secret))
              .orElseGet(() -> placeholders.of(secret));
      made.put(secret, known);
    }
    return known;
  }

  /** The object with placeholders. */
  public JsonNode object(JsonNode object, FieldRules rules) {
    List<List<String>> sensitive = new ArrayList<>();
    for (String path : rules.sensitive()) {
      List<String> segments = new ArrayList<>(List.of(path.split("\\.")));
      Optional.ofNullable(rules.documents().get(segments.get(0)))
          .ifPresentOrElse(
              document -> {
                List<String> inside = new ArrayList<>(document.field().segments());
                if (!document.encoded()) {
                  // In one that is encoded every value is replaced.
                  inside.addAll(segments.subList(1, segments.size()));
                }
                sensitive.add(inside);
              },
              () -> sensitive.add(segments));
    }
    ObjectNode kept = ((ObjectNode) object).deepCopy();
    if (kept.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    if (kept.path("kind").asText().equals("Secret")) {
      kept.path("data")
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!rules.open().contains(key)) {
                  sensitive.add(List.of("data", key));
                }
              });
      sensitive.add(List.of("stringData"));
    }
    return tree(kept, sensitive);
  }

  /**
   * @param sensitive paths below the node, lists on the way passed through
   */
  private JsonNode tree(JsonNode node, List<List<String>> sensitive) {
    if (sensitive.stream().anyMatch(List::isEmpty)) {
      return secrets(node);
    }
    if (node.isObject()) {
      return map(node, sensitive);
    }
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> copy.add(element(element, sensitive)));
      return copy;
    }
    return node.isTextual() ? TextNode.valueOf(text(node.asText(), sensitive)) : node;
  }

  private ObjectNode map(JsonNode node, List<List<String>> sensitive) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    boolean named = named(node.path("name").asText()) && node.path("value").isTextual();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      boolean secret = value.isTextual() && (named(key) || named && key.equals("value"));
      List<List<String>> below =
          sensitive.stream()
              .filter(path -> path.get(0).equals(key))
              .map(path -> path.subList(1, path.size()))
              .toList();
      copy.set(key, secret ? secrets(value) : tree(value, below));
    }
    return copy;
  }

  /** Every text at or below the node; of a command line only what looks like a key. */
  private JsonNode secrets(JsonNode node) {
    if (node.isTextual()) {
      return TextNode.valueOf(value(node.asText()));
    }
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> copy.add(element.isTextual() ? argument(element) : secrets(element)));
      return copy;
    }
    if (node.isNumber() && node.asText().length() >= DIGITS) {
      return TextNode.valueOf(value(node.asText()));
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    node.properties().forEach(field -> copy.set(field.getKey(), secrets(field.getValue())));
    return node.isObject() ? copy : node;
  }

  private JsonNode element(JsonNode element, List<List<String>> sensitive) {
    return element.isTextual() ? argument(element) : tree(element, sensitive);
  }

  private JsonNode argument(JsonNode element) {
    for (Pattern pattern : List.of(ARGUMENT, KEY)) {
      Matcher matcher = pattern.matcher(element.asText());
      if (matcher.matches()) {
        return TextNode.valueOf(matcher.group(1) + value(matcher.group(2)));
      }
    }
    return TextNode.valueOf(text(element.asText(), List.of()));
  }

  private static boolean named(String key) {
    return NAME.matcher(key.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "")).matches();
  }

  private void note(String secret) {
    if (telling.add(secret)) {
      // It may stand inside of what was made of another one.
      made.clear();
    }
  }

  /** Text that is no secret as a whole. */
  private String text(String text, List<List<String>> sensitive) {
    String inside =
        IN_ADDRESS
            .matcher(document(text, sensitive).orElse(text))
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(found.group(1) + placeholders.of(found.group(2))));
    return telling.replaced(inside, this::made);
  }

  /** What in it is secret and what is not is known by its keys; of no other document it is. */
  private static boolean kubeconfig(String text) {
    return text.contains("clusters") && text.contains("users");
  }

  /**
   * What the token of an account says of itself is known to who sees the account, and decides
   * whether it is renewed; its signature is what is secret. Those of people say more of them.
   */
  private static boolean ofAnAccount(String secret) {
    return AccountToken.read(secret)
        .filter(token -> token.subject().startsWith("system:serviceaccount:"))
        .isPresent();
  }

  /** A secret that has a form of its own: base64 of a document, or a document. */
  private Optional<String> inner(String secret) {
    if (ofAnAccount(secret)) {
      int signature = secret.lastIndexOf('.') + 1;
      return Optional.of(
          secret.substring(0, signature) + placeholders.of(secret.substring(signature)));
    }
    if (secret.contains("\n") || secret.startsWith("{") || secret.contains(": ")) {
      Optional<String> document = document(secret, kubeconfig(secret) ? List.of() : WHOLE);
      if (document.isPresent()) {
        return document;
      }
    }
    if (secret.length() < BASE64 || !secret.matches("[A-Za-z0-9+/]+={0,2}")) {
      return Optional.empty();
    }
    try {
      String decoded = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
      boolean text =
          decoded
              .chars()
              .allMatch(c -> c == '\n' || c == '\r' || c == '\t' || c >= 32 && c < 0xFFF0);
      return text
          ? inner(decoded)
              .map(t -> Base64.getEncoder().encodeToString(t.getBytes(StandardCharsets.UTF_8)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** YAML or JSON inside a text; what cannot be read is searched line by line. */
  private Optional<String> document(String text, List<List<String>> sensitive) {
    try {
      if (text.stripLeading().startsWith("{")) {
        JsonNode tree = JSON.readTree(text);
        String end = text.endsWith("\n") ? "\n" : "";
        return tree.isObject()
            ? Optional.of(tree(tree, sensitive).toString() + end)
            : Optional.empty();
      }
      if ((text.contains("\n") || !sensitive.isEmpty()) && text.contains(":")) {
        YamlDocument document = YamlDocument.parse(text);
        String disguised = document.become(tree(document.json(), sensitive)).text();
        // Of a key that stands twice only the last is a value; the other is text all the same.
        return Optional.of(document.duplicates().isEmpty() ? disguised : byLine(disguised));
      }
      return Optional.empty();
    } catch (MusterException | IOException | IllegalArgumentException e) {
      return Optional.of(byLine(text));
    }
  }

  private String byLine(String text) {
    return LINE.matcher(text)
        .replaceAll(
            line -> {
              String value = line.group(3);
              return Matcher.quoteReplacement(
                  line.group(1)
                      + line.group(2)
                      + (produced.contains(value) ? value : value(value))
                      + line.group(2));
            });
  }
}
