package dev.muster.testbed.secret;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets, and the search for them in any text: as they are, encoded as base64 (alone or in the
 * middle of something longer), percent-encoded, in hexadecimal, escaped as JSON or HTML wants it.
 * Every piece of {@link #SURELY} characters is found, so one that was cut off, or broken into
 * lines, is found as well. Not safe for use by many threads.
 */
public final class Canaries {
  private static final int WINDOW = 12;

  /** A piece of a secret, or of a form of it, that is as long as this is found wherever it was. */
  public static final int SURELY = 2 * WINDOW - 1;

  /** What is shorter would be found in ordinary words. */
  private static final int SHORTEST = 6;

  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]{20,}");

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "\"?(token|password|client-key-data)\"?: *['\"]?([^'\"\\s,}]+)|://[^/\\s:@]*:([^/\\s@]+)@");

  private final Map<String, String> windows = new HashMap<>();
  private final Map<String, String> shortOnes = new LinkedHashMap<>();

  /** Remembers a secret; one of fewer than 6 characters is not looked for. */
  public void add(String name, String secret) {
    if (secret.length() < SHORTEST) {
      return;
    }
    forms(secret).forEach((form, text) -> remember(name + form, text));
  }

  /**
   * Remembers the lines of a private key, but for the first, in which all keys of a kind are alike.
   */
  public void addKey(String name, String pem) {
    pem.lines()
        .filter(line -> !line.startsWith("-----"))
        .skip(1)
        .forEach(line -> add(name, line.strip()));
  }

  /** Remembers what of a kubeconfig lets somebody in. */
  public void addKubeconfig(String name, String text) {
    Matcher found = CREDENTIAL.matcher(text);
    while (found.find()) {
      if (found.group(3) != null) {
        add(name + ": login of an address", found.group(3));
      } else if (found.group(1).equals("client-key-data")) {
        addKey(name + ": key", decoded(found.group(2)));
      } else {
        add(name + ": " + found.group(1), found.group(2));
      }
    }
  }

  /**
   * Remembers what is found in a field, whatever it turns out to be; a certificate is no secret.
   */
  public void addAny(String name, String value) {
    String text = value.matches("[A-Za-z0-9+/\\s]{40,}={0,2}\\s*") ? decoded(value) : value;
    if (text.contains("-----BEGIN CERTIFICATE-----") && !text.contains("kind: Config")) {
      return;
    }
    if (TOKEN.matcher(value).matches()) {
      // Whose it is and from whom stands in certificates too; only the signature lets anybody in.
      add(name, value.substring(value.lastIndexOf('.') + 1));
    } else if (text.contains("PRIVATE KEY-----")) {
      addKey(name, text);
    } else if (text.contains("kind: Config") || text.contains("\"kind\":\"Config\"")) {
      addKubeconfig(name, text);
    } else {
      add(name, value);
    }
  }

  /** How much there is to look for. */
  public int size() {
    return windows.size() + shortOnes.size();
  }

  /** The secrets of which something stands in a text, each with where and amid what. */
  public List<String> in(String text) {
    Map<String, String> found = new TreeMap<>();
    for (int at = 0; at + WINDOW <= text.length(); at++) {
      String name = windows.get(text.substring(at, at + WINDOW));
      if (name != null) {
        found.putIfAbsent(name, around(text, at));
      }
    }
    shortOnes.forEach(
        (secret, name) -> {
          int at = text.indexOf(secret);
          if (at >= 0) {
            found.putIfAbsent(name, around(text, at));
          }
        });
    return found.entrySet().stream().map(e -> e.getKey() + " in: " + e.getValue()).toList();
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 60))
        .replaceAll("\\p{Cntrl}+", " ");
  }

  private void remember(String name, String text) {
    if (text.length() < WINDOW) {
      shortOnes.putIfAbsent(text, name);
      return;
    }
    for (int at = 0; at + WINDOW <= text.length(); at += WINDOW) {
      windows.putIfAbsent(text.substring(at, at + WINDOW), name);
    }
    windows.putIfAbsent(text.substring(text.length() - WINDOW), name);
  }

  private static Map<String, String> forms(String secret) {
    Map<String, String> forms = new LinkedHashMap<>();
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    forms.put("", secret);
    forms.put(" (JSON)", new String(JsonStringEncoder.getInstance().quoteAsString(secret)));
    forms.put(" (HTML)", secret.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"));
    String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    forms.put(" (form)", form);
    forms.put(" (percent)", form.replace("+", "%20"));
    forms.put(" (hexadecimal)", HexFormat.of().formatHex(bytes));
    for (int before = 0; before < 3; before++) {
      String once = middle(bytes, before);
      forms.put(" (base64, " + before + ")", once);
      forms.put(" (base64url, " + before + ")", once.replace('+', '-').replace('/', '_'));
      for (int outer = 0; outer < 3; outer++) {
        String twice = middle(once.getBytes(StandardCharsets.US_ASCII), outer);
        forms.put(" (base64 twice, " + before + outer + ")", twice);
      }
    }
    forms.values().removeIf(text -> text.length() < SHORTEST);
    return forms;
  }

  /** Base64 of bytes after so many others, as far as it does not depend on what is around them. */
  private static String middle(byte[] bytes, int before) {
    byte[] shifted = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int first = before == 0 ? 0 : before + 1;
    int last = shifted.length * 8 / 6;
    return first < last ? text.substring(first, last) : "";
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return base64;
    }
  }
}
