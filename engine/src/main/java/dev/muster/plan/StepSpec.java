package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.problem.Where;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A step as the plan file has it.
 *
 * @param after edges that the file adds to those that follow from references
 * @param ensure fields of objects that somebody else creates, by object name
 * @param create objects to create when absent, by object name
 */
public record StepSpec(
    String id,
    On on,
    boolean forEachMember,
    String title,
    Optional<Template> when,
    List<String> after,
    List<Requirement> require,
    Optional<Template> manifests,
    Map<String, DeclaredTemplate.Fields> ensure,
    Map<String, DeclaredTemplate.Fields> create,
    Optional<RestartSpec> restart,
    Optional<String> gate,
    Where where) {
  public StepSpec {
    after = List.copyOf(after);
    require = List.copyOf(require);
    ensure = Collections.unmodifiableMap(new LinkedHashMap<>(ensure));
    create = Collections.unmodifiableMap(new LinkedHashMap<>(create));
  }

  /** The templates whose values end in objects: naming an object here makes an edge. */
  public List<Template> contentTemplates() {
    List<Template> all = new ArrayList<>();
    manifests.ifPresent(all::add);
    ensure.values().forEach(fields -> all.addAll(fields.templates()));
    create.values().forEach(fields -> all.addAll(fields.templates()));
    return all;
  }

  /** All templates that decide what the step does, those of its gate left out. */
  public List<Template> allTemplates() {
    List<Template> all = new ArrayList<>();
    when.ifPresent(all::add);
    require.forEach(requirement -> all.addAll(List.of(requirement.that(), requirement.message())));
    restart.flatMap(RestartSpec::when).ifPresent(all::add);
    all.addAll(contentTemplates());
    return all;
  }

  /** Names of the objects that the step may write, in the order in which it writes them. */
  public Set<String> writes() {
    Set<String> names = new LinkedHashSet<>(ensure.keySet());
    names.addAll(create.keySet());
    restart.ifPresent(spec -> names.add(spec.object()));
    return names;
  }
}
