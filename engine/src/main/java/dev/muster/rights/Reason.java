package dev.muster.rights;

/**
 * What needs a right.
 *
 * @param kind such as {@code step} or {@code gate}; empty where the name says all
 */
record Reason(String kind, String name) implements Comparable<Reason> {
  static Reason step(String id) {
    return new Reason("step", id);
  }

  static Reason gate(String name) {
    return new Reason("gate", name);
  }

  static Reason of(String words) {
    return new Reason("", words);
  }

  @Override
  public int compareTo(Reason other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}
