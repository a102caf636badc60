package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.plan.Allows.Place;
import dev.muster.plan.Allows.Use;
import dev.muster.plan.Allows.Verb;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a plan does and does not say that it may. Names that follow from a topology are looked
 * at when they are known, before each request.
 */
final class AllowsCheck {
  private final Plan plan;
  private final Allows allows;
  private final YamlNode spec;
  private final Problems problems;

  /**
   * @param plan its steps in the order of the file
   * @param spec where they are written
   */
  AllowsCheck(Plan plan, Allows allows, YamlNode spec, Problems problems) {
    this.plan = plan;
    this.allows = allows;
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    for (ObjectSpec object : plan.objects().values()) {
      held(reads(object), object.where());
    }
    plan.tokens().values().forEach(token -> held(issued(token), token.where()));
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
    List<Use> uses = new ArrayList<>();
    for (Place place : places(step.on())) {
      for (Verb verb : verbs) {
        if (object.source() instanceof ObjectSource.One one) {
          uses.add(use(place, verb, one.pattern(), name(one.name())));
        } else if (object.source() instanceof ObjectSource.All all) {
          uses.add(use(place, verb, all.kind(), Optional.empty()));
        }
      }
    }
    Where where =
        spec.keyAt(at)
            .<YamlNode>map(key -> key)
            .or(() -> spec.at(at))
            .map(YamlNode::where)
            .orElse(step.where());
    held(uses, where);
  }

  private void held(List<Use> uses, Where where) {
    for (Use use : uses) {
      if (!allows.allow(use)) {
        problems.error(where, "not in `allows`: " + use, "take it out, or add to " + use.entry());
      }
    }
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
