package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.List;

/** A cause to look for, and what a person does about it. */
public record Probe(Template when, Template cause, Template next) {
  public List<Template> templates() {
    return List.of(when, cause, next);
  }
}
