package dev.muster.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.Upstream;
import dev.muster.resource.Declared;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What one step wants, as far as it is known at one moment. */
public final class DesiredState {
  private final Plan plan;
  private final Topology topology;
  private final Step step;
  private final Expressions expressions;
  private final World world;
  private final Predicate<String> done;
  private final Map<String, JsonNode> extra;
  private final List<Evaluated> problems;

  /**
   * @param done whether a step has nothing left to do; a value that is missing although its steps
   *     are done will never come
   */
  public DesiredState(
      Plan plan, Topology topology, Step step, World world, Predicate<String> done) {
    this(plan, topology, step, world, done, Map.of(), new ArrayList<>());
  }

  private DesiredState(
      Plan plan,
      Topology topology,
      Step step,
      World world,
      Predicate<String> done,
      Map<String, JsonNode> extra,
      List<Evaluated> problems) {
    this.plan = plan;
    this.topology = topology;
    this.step = step;
    this.expressions = Expressions.at(plan, topology, step);
    this.world = world;
    this.done = done;
    this.extra = extra;
    this.problems = problems;
  }

  /** The same for one object of a list, which its expressions see as {@code item}. */
  public DesiredState about(JsonNode item) {
    return new DesiredState(plan, topology, step, world, done, Map.of("item", item), problems);
  }

  public Expressions expressions() {
    return expressions;
  }

  /** What cannot be evaluated at all: {@link Evaluated.Missing}, unreadable or broken ones. */
  public List<Evaluated> problems() {
    return List.copyOf(problems);
  }

  /** Evaluates one expression of the step. */
  public Evaluated evaluate(Template template) {
    Optional<Evaluated.Unreadable> unreadable = expressions.unreadable(template, world);
    if (unreadable.isPresent()) {
      return unreadable.get();
    }
    boolean sensitive = expressions.sensitive(template);
    Outcome outcome = expressions.evaluate(template, world, extra);
    if (outcome instanceof Outcome.Value value) {
      return new Evaluated.Value(value.value(), sensitive);
    }
    if (outcome instanceof Outcome.Omitted) {
      return new Evaluated.Omitted();
    }
    if (outcome instanceof Outcome.Generated generated) {
      return new Evaluated.Generated(characters(generated.alphabet()), generated.length());
    }
    if (outcome instanceof Outcome.Issued issued) {
      return Tokens.issued(issued.token());
    }
    if (outcome instanceof Outcome.Missing missing) {
      List<String> waitsFor = waitsFor(template);
      return waitsFor.isEmpty()
          ? new Evaluated.Missing(missing.what())
          : new Evaluated.Unknown(waitsFor, sensitive);
    }
    return new Evaluated.Broken(((Outcome.Error) outcome).message());
  }

  private static String characters(String alphabet) {
    return alphabet.equals("hex")
        ? "0123456789abcdef"
        : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  }

  /** The steps, not done yet, that bring forth what the template names; the last ones only. */
  private List<String> waitsFor(Template template) {
    return unfinished(new Upstream(plan, topology).of(step, template));
  }

  /** The steps, not done yet, that bring forth an object of the step's cluster. */
  public List<String> waitsFor(ObjectSpec object) {
    return unfinished(new Upstream(plan, topology).of(step, object));
  }

  private List<String> unfinished(List<String> ids) {
    return ids.stream().filter(id -> !id.equals(step.id()) && !done.test(id)).toList();
  }

  /** The declared fields of an object, those that cannot be evaluated left out and reported. */
  public Declared.Fields declared(DeclaredTemplate.Fields template) {
    Map<String, Declared> entries = new LinkedHashMap<>();
    for (Template spread : template.spreads()) {
      Evaluated evaluated = evaluate(spread);
      if (evaluated instanceof Evaluated.Value value && value.value().isObject()) {
        value
            .value()
            .properties()
            .forEach(
                entry -> entries.put(entry.getKey(), tree(entry.getValue(), value.sensitive())));
      } else if (!(evaluated instanceof Evaluated.Omitted)) {
        problems.add(
            evaluated instanceof Evaluated.Value
                ? new Evaluated.Broken("\"...\" spreads a map, this is none")
                : evaluated);
      }
    }
    template
        .entries()
        .forEach((key, value) -> declare(value).ifPresent(declared -> entries.put(key, declared)));
    // A map that declares nothing is not declared either: an empty one would be created.
    entries.values().removeIf(entry -> entry instanceof Declared.Fields f && f.entries().isEmpty());
    return new Declared.Fields(entries);
  }

  private Optional<Declared> declare(DeclaredTemplate template) {
    if (template instanceof DeclaredTemplate.Fields fields) {
      return Optional.of(declared(fields));
    }
    if (template instanceof DeclaredTemplate.Items items) {
      List<Declared> elements = new ArrayList<>();
      items.elements().forEach(element -> declare(element).ifPresent(elements::add));
      return Optional.of(new Declared.Items(elements));
    }
    if (template instanceof DeclaredTemplate.Constant constant) {
      return Optional.of(new Declared.Known(constant.value(), false));
    }
    Evaluated evaluated = evaluate(((DeclaredTemplate.Leaf) template).template());
    if (evaluated instanceof Evaluated.Value value) {
      return Optional.of(tree(value.value(), value.sensitive()));
    }
    if (evaluated instanceof Evaluated.Generated generated) {
      return Optional.of(new Declared.Generated(generated.alphabet(), generated.length()));
    }
    if (evaluated instanceof Evaluated.Issued issued) {
      return Optional.of(issued.token());
    }
    if (evaluated instanceof Evaluated.Unknown unknown) {
      return Optional.of(new Declared.Unknown(unknown.knownAfter(), unknown.sensitive()));
    }
    if (!(evaluated instanceof Evaluated.Omitted)) {
      problems.add(evaluated);
    }
    return Optional.empty();
  }

  /** A map is declared key by key, so that the keys of others survive beside it. */
  private static Declared tree(JsonNode value, boolean sensitive) {
    if (value.isObject() && !value.isEmpty()) {
      Map<String, Declared> entries = new LinkedHashMap<>();
      value.properties().forEach(e -> entries.put(e.getKey(), tree(e.getValue(), sensitive)));
      return new Declared.Fields(entries);
    }
    if (value.isArray() && !value.isEmpty()) {
      List<Declared> elements = new ArrayList<>();
      value.forEach(element -> elements.add(tree(element, sensitive)));
      return new Declared.Items(elements);
    }
    return new Declared.Known(value, sensitive);
  }
}
