package dev.muster.yaml;

/**
 * Where in its surroundings a part stands, which decides how it can be replaced.
 *
 * @param kind below what it stands
 * @param flow whether it stands inside braces or brackets
 * @param behind offset behind the key, or of the element itself
 * @param column of the parent's keys or dashes
 */
record Place(Kind kind, Part part, boolean flow, int behind, int column) {
  enum Kind {
    ROOT,
    MAP_VALUE,
    ELEMENT
  }

  static Place root(Part part) {
    return new Place(Kind.ROOT, part, false, part.start(), -1);
  }

  /** The same place with another part of the text in it. */
  Place holding(Part other) {
    return new Place(kind, other, flow, behind, column);
  }

  Place value(Part.Mapping parent, Part.Pair pair, Splice text) {
    boolean inFlow = flow || parent.flow();
    int parentColumn = text.column(parent.bodyStart());
    return new Place(Kind.MAP_VALUE, pair.value(), inFlow, pair.key().end(), parentColumn);
  }

  Place element(Part.Sequence parent, Part element, Splice text) {
    boolean inFlow = flow || parent.flow();
    int parentColumn = text.column(parent.bodyStart());
    return new Place(Kind.ELEMENT, element, inFlow, element.start(), parentColumn);
  }
}
