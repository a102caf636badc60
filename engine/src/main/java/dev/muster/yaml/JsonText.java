package dev.muster.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** Text that is JSON as well, which is YAML in all but its tabs. */
final class JsonText {
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonText() {}

  static boolean isJson(String text) {
    if (!text.stripLeading().startsWith("{")) {
      return false;
    }
    try {
      return STRICT.readTree(text).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  static List<Part> parse(SourceText source) throws Refused {
    String text = source.text();
    return text.indexOf('\t') >= 0 && isJson(text)
        ? PartParser.parse(source, withoutTabs(text))
        : PartParser.parse(source);
  }

  /** Spaces for the tabs between tokens, so that every offset stays the same. */
  private static String withoutTabs(String text) {
    StringBuilder spaced = new StringBuilder(text);
    boolean quoted = false;
    for (int i = 0; i < spaced.length(); i++) {
      char c = spaced.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '\t' && !quoted) {
        spaced.setCharAt(i, ' ');
      }
    }
    return spaced.toString();
  }
}
