package dev.muster.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands before the text of a scalar: anchor and tag, on lines of their own perhaps, with
 * comments between them.
 *
 * @param properties the anchor and the tag, as they stand there
 * @param commented whether there is a comment before what the scalar ends with
 * @param last where the last of it begins: its text, or a property when it has none
 */
record ScalarLead(List<Property> properties, boolean commented, int last) {
  record Property(int start, int end) {}

  static ScalarLead of(Splice text, Part.Scalar scalar) {
    List<Property> properties = new ArrayList<>();
    boolean comment = false;
    boolean commented = false;
    int last = scalar.start();
    int at = scalar.start();
    while (at < scalar.end()) {
      char c = text.at(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '#') {
        comment = true;
        at = text.lineEnd(at);
      } else {
        last = at;
        commented = comment;
        if (c != '&' && c != '!') {
          break;
        }
        while (at < scalar.end() && !Character.isWhitespace(text.at(at))) {
          at++;
        }
        properties.add(new Property(last, at));
      }
    }
    return new ScalarLead(List.copyOf(properties), commented, last);
  }

  /** Takes the properties out and leaves the comments, up to what the scalar ends with. */
  void takeOut(Splice text) {
    for (Property property : properties) {
      if (property.start() < last) {
        takeOut(text, property);
      }
    }
  }

  private static void takeOut(Splice text, Property property) {
    int start = property.start();
    int end = property.end();
    boolean lastOnLine = text.rest(end).isBlank();
    if (lastOnLine && text.lead(start).isBlank()) {
      text.deleteLines(start, end, false);
      return;
    }
    while (lastOnLine && Character.isWhitespace(text.at(start - 1))) {
      start--;
    }
    while (!lastOnLine && Character.isWhitespace(text.at(end))) {
      end++;
    }
    text.replace(start, end, "");
  }
}
