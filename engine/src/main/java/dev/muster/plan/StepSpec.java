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
 * @param always whether it runs although a step before it failed or the run was interrupted: it
 *     puts back what an earlier one changed for a moment
 * @param after edges that the file adds to those that follow from references
 * @param ensure fields of objects that somebody else creates, by object name
 * @param create objects to create when absent, by object name
 * @param initial what these are made with and nobody declares afterwards, by object name
 * @param each fields of all matching objects of a list, by the list's name
 * @param delete names of the objects to delete
 */
public record StepSpec(
    String id,
    On on,
    Subjects subjects,
    boolean always,
    String title,
    Optional<Template> when,
    List<String> after,
    List<Requirement> require,
    Optional<Template> manifests,
    Map<String, DeclaredTemplate.Fields> ensure,
    Map<String, DeclaredTemplate.Fields> create,
    Map<String, DeclaredTemplate.Fields> initial,
    Map<String, EachSpec> each,
    List<String> delete,
    Optional<RestartSpec> restart,
    Optional<String> gate,
    Where where) {
  /** Belongs to steps that no plan file has: they give back what no step declares any more. */
  public static final String TAKE_BACK = "take-back";

  public StepSpec {
    after = List.copyOf(after);
    require = List.copyOf(require);
    ensure = Collections.unmodifiableMap(new LinkedHashMap<>(ensure));
    create = Collections.unmodifiableMap(new LinkedHashMap<>(create));
    initial = Collections.unmodifiableMap(new LinkedHashMap<>(initial));
    each = Collections.unmodifiableMap(new LinkedHashMap<>(each));
    delete = List.copyOf(delete);
  }

  /** Whether it is about a member. */
  public boolean forEachMember() {
    return subjects.ofMember();
  }

  /** Whether it is about two clusters. */
  public boolean forEachPair() {
    return subjects.ofPair();
  }

  /** What it declares fields of, or deletes. */
  public Set<String> declares() {
    Set<String> names = new LinkedHashSet<>(ensure.keySet());
    names.addAll(create.keySet());
    names.addAll(delete);
    return names;
  }

  /** A step of which the plan file says nothing; what it does follows from the inventory. */
  public static StepSpec takeBack(String id, On on, boolean forEachMember) {
    return new StepSpec(
        id,
        on,
        forEachMember ? Subjects.MEMBERS : Subjects.ONCE,
        false,
        "give back what nothing declares any more",
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Where.nowhere());
  }

  /** The templates whose values end in objects: naming an object here makes an edge. */
  public List<Template> contentTemplates() {
    List<Template> all = new ArrayList<>();
    manifests.ifPresent(all::add);
    ensure.values().forEach(fields -> all.addAll(fields.templates()));
    create.values().forEach(fields -> all.addAll(fields.templates()));
    initial.values().forEach(fields -> all.addAll(fields.templates()));
    each.values().forEach(spec -> all.addAll(spec.templates()));
    return all;
  }

  /** All templates that decide what the step does, those of its gate left out. */
  public List<Template> allTemplates() {
    List<Template> all = new ArrayList<>();
    when.ifPresent(all::add);
    require.forEach(requirement -> all.addAll(requirement.templates()));
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

  /** Names of the objects and lists that have to be read before it is known what the step does. */
  public Set<String> touches() {
    Set<String> names = new LinkedHashSet<>(writes());
    names.addAll(each.keySet());
    names.addAll(delete);
    return names;
  }
}
