package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.problem.Where;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has to hold of a topology by itself, before any cluster is looked at.
 *
 * @param ofHost whether it is about the host; else about every member
 * @param when the rule counts only where this holds
 * @param kind what it asks for
 * @param key the key that has to be there or must not be, empty for the other kinds
 * @param that the condition, for {@link Kind#THAT}
 * @param message what is wrong, or what is to be said
 * @param hint what a person does about it
 */
public record RuleSpec(
    boolean ofHost,
    Optional<Template> when,
    Kind kind,
    String key,
    Optional<Template> that,
    Template message,
    Optional<Template> hint,
    Where where) {
  /** What a rule asks for. */
  public enum Kind {
    NEEDS,
    REFUSES,
    THAT,
    NOTE
  }

  /** All that it evaluates. */
  public List<Template> templates() {
    return Stream.of(when, that, Optional.of(message), hint).flatMap(Optional::stream).toList();
  }
}
