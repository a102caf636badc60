package dev.muster.api;

import dev.muster.problem.Problem;
import java.util.List;

/**
 * What is wrong with a topology and its plan; no cluster was asked.
 *
 * @param problems all of them, each with its position and what to do
 * @param notes what the plan has to say of the topology, although nothing is wrong
 */
public record Validation(List<Problem> problems, List<String> notes) {
  public Validation {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  public boolean valid() {
    return problems.isEmpty();
  }
}
