package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.plan.Allows.Place;
import dev.muster.plan.Allows.Use;
import dev.muster.plan.Allows.Verb;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a plan does to objects, as far as its file says it. */
public final class PlanUses {
  private final Plan plan;
  private final List<Found> found = new ArrayList<>();

  private PlanUses(Plan plan) {
    this.plan = plan;
  }

  /**
   * One of them, and where the plan has it.
   *
   * @param where of the object, token or step
   * @param below where it is written below {@code spec}; empty for what {@code where} tells
   */
  record Found(Use use, Where where, String below) {}

  /**
   * All that a run cannot do without.
   *
   * @param plan its steps in the order of the file
   */
  static List<Found> of(Plan plan) {
    PlanUses uses = new PlanUses(plan);
    uses.find();
    return uses.found;
  }

  /**
   * All that a run may come to, as taking back what was created, but for objects that a topology
   * brings.
   */
  public static List<Use> possible(Plan plan) {
    PlanUses uses = new PlanUses(plan);
    uses.find();
    for (StepSpec step : plan.steps()) {
      step.create().keySet().forEach(name -> uses.written(step, name, "", Verb.DELETE));
    }
    return uses.found.stream().map(Found::use).distinct().toList();
  }

  /** Where a topology brings objects, about which the plan says nothing. */
  public static List<Place> anything(Plan plan) {
    return plan.steps().stream()
        .filter(step -> step.manifests().isPresent())
        .flatMap(step -> places(step.on()).stream())
        .distinct()
        .toList();
  }

  private void find() {
    for (ObjectSpec object : plan.objects().values()) {
      reads(object).forEach(use -> found.add(new Found(use, object.where(), "")));
    }
    plan.tokens()
        .values()
        .forEach(
            token -> issued(token).forEach(use -> found.add(new Found(use, token.where(), ""))));
    for (int i = 0; i < plan.steps().size(); i++) {
      StepSpec step = plan.steps().get(i);
      String at = "/steps/" + i;
      step.ensure()
          .keySet()
          .forEach(name -> written(step, name, at + "/ensure/" + name, Verb.PATCH));
      step.create()
          .keySet()
          .forEach(name -> written(step, name, at + "/create/" + name, Verb.CREATE, Verb.PATCH));
      step.each().keySet().forEach(name -> written(step, name, at + "/each/" + name, Verb.PATCH));
      for (int j = 0; j < step.delete().size(); j++) {
        written(step, step.delete().get(j), at + "/delete/" + j, Verb.DELETE);
      }
      step.restart()
          .ifPresent(
              restart -> written(step, restart.object(), at + "/restart/object", Verb.PATCH));
    }
  }

  private void written(StepSpec step, String name, String at, Verb... verbs) {
    ObjectSpec object = plan.objects().get(name);
    if (object == null) {
      return; // which is told already
    }
    for (Place place : places(step.on())) {
      for (Verb verb : verbs) {
        if (object.source() instanceof ObjectSource.One one) {
          add(step, at, use(place, verb, one.pattern(), name(one.name())));
        } else if (object.source() instanceof ObjectSource.All all) {
          add(step, at, use(place, verb, all.kind(), Optional.empty()));
        }
      }
    }
  }

  private void add(StepSpec step, String at, Use use) {
    found.add(new Found(use, step.where(), at));
  }

  private List<Use> issued(TokenSpec token) {
    ObjectSpec account = plan.objects().get(token.account());
    if (account == null || !(account.source() instanceof ObjectSource.One one)) {
      return List.of(); // which is told already
    }
    return places(token.on()).stream()
        .map(place -> Use.token(place, one.pattern(), name(one.name())))
        .toList();
  }

  /** In each kind of cluster that it is in, what reading it takes. */
  private static List<Use> reads(ObjectSpec object) {
    return places(object.on()).stream()
        .flatMap(place -> reads(object.source(), place).stream())
        .distinct()
        .toList();
  }

  private static List<Place> places(On on) {
    return switch (on) {
      case HOST -> List.of(Place.HOST);
      case MEMBER -> List.of(Place.MEMBER);
      case EACH -> List.of(Place.HOST, Place.MEMBER);
    };
  }

  private static List<Use> reads(ObjectSource source, Place place) {
    if (source instanceof ObjectSource.All all) {
      return List.of(Use.list(place, all.kind()));
    }
    if (source instanceof ObjectSource.Log log) {
      return List.of(Use.logs(place, log.query().namespace()));
    }
    ObjectSource.One one = (ObjectSource.One) source;
    if (one.through().isPresent()) {
      ObjectSource.Through through = one.through().get();
      return List.of(
          Use.through(place, through.namespace(), name(through.service())),
          use(Place.ELSEWHERE, Verb.GET, one.pattern(), name(one.name())));
    }
    return List.of(
        use(
            one.access().isPresent() ? Place.ELSEWHERE : place,
            Verb.GET,
            one.pattern(),
            name(one.name())));
  }

  private static Use use(Place place, Verb verb, ObjectRef pattern, Optional<String> name) {
    return new Use(place, verb, Allows.Kind.of(pattern, ""), pattern.namespace(), name);
  }

  private static Optional<String> name(Template template) {
    return template.constant() ? Optional.of(template.source()) : Optional.empty();
  }
}
