package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.List;
import java.util.Optional;

/**
 * A workload to restart when one of the step's objects changes.
 *
 * @param dependsOn names of the objects whose changed fields make the restart necessary
 */
public record RestartSpec(String object, Optional<Template> when, List<String> dependsOn) {
  public RestartSpec {
    dependsOn = List.copyOf(dependsOn);
  }
}
