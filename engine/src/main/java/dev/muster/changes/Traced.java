package dev.muster.changes;

import java.util.List;

/**
 * A part of a step, what it comes to, and what that follows from.
 *
 * @param label what it is called; empty where the expression says it
 * @param expression as the plan has it; empty for a heading
 * @param value what it comes to, free of sensitive values; empty for a heading
 */
public record Traced(String label, String expression, String value, List<Traced> below) {
  public Traced {
    below = List.copyOf(below);
  }

  static Traced heading(String label, List<Traced> below) {
    return new Traced(label, "", "", below);
  }
}
