package dev.muster.yaml;

import java.util.List;
import java.util.Optional;

/** How a text indents, so that what is added looks like its neighbours. */
final class Layout {
  private Layout() {}

  /** Writers in the layout of the text, the one to try first in front. */
  static List<YamlWriter> writers(Part root, Splice text) {
    int step = offset(root, text, false).orElse(2);
    int dash = offset(root, text, true).orElse(0);
    YamlWriter withoutLiterals = new YamlWriter(step, dash, false);
    // A literal block needs a line break behind it, which this text may not have.
    return text.endsWithBreak()
        ? List.of(new YamlWriter(step, dash, true), withoutLiterals)
        : List.of(withoutLiterals);
  }

  /** The first difference of columns between a key and the block below it. */
  private static Optional<Integer> offset(Part part, Splice text, boolean list) {
    if (part instanceof Part.Mapping mapping && !mapping.flow()) {
      int column = text.column(mapping.bodyStart());
      for (Part.Pair pair : mapping.pairs()) {
        Optional<Integer> found = offset(pair.value(), text, list);
        if (list
            && pair.value() instanceof Part.Sequence s
            && !s.flow()
            && s.start() == s.bodyStart()) {
          found = Optional.of(text.column(s.bodyStart()) - column);
        } else if (!list && pair.value() instanceof Part.Mapping m && !m.flow()) {
          found = Optional.of(text.column(m.bodyStart()) - column);
        }
        if (found.isPresent() && found.get() >= (list ? 0 : 1)) {
          return found;
        }
      }
    } else if (part instanceof Part.Sequence sequence && !sequence.flow()) {
      for (Part element : sequence.elements()) {
        Optional<Integer> found = offset(element, text, list);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }
}
