package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has to hold before a step may write; else its message is why the run is refused.
 *
 * @param hint what a person does about it
 */
public record Requirement(Template that, Template message, Optional<Template> hint) {
  /** All that it evaluates. */
  public List<Template> templates() {
    return Stream.concat(Stream.of(that, message), hint.stream()).toList();
  }
}
