package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.List;

/** One condition of a gate, and what is being waited for while it does not hold. */
public record ReadyTerm(Template that, Template waiting) {
  public List<Template> templates() {
    return List.of(that, waiting);
  }
}
