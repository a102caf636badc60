package dev.muster.desired;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.Plan;
import dev.muster.plan.RuleSpec;
import dev.muster.plan.StepSpec;
import dev.muster.problem.Problems;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretInput;
import dev.muster.topology.SecretText;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a topology against the rules of its plan; no cluster is needed for that. */
public final class RuleCheck {
  private static final World NOTHING =
      new World() {
        @Override
        public Lookup object(Need need) {
          return new Lookup.Absent();
        }

        @Override
        public Lookup carried(ClusterDeclaration cluster, String fact) {
          return new Lookup.Absent();
        }

        @Override
        public Lookup recordedUid(ClusterDeclaration cluster) {
          return new Lookup.Absent();
        }

        @Override
        public Lookup uid(ClusterDeclaration cluster) {
          return new Lookup.Absent();
        }

        @Override
        public Lookup clock(ClusterDeclaration cluster) {
          return new Lookup.Absent();
        }

        @Override
        public ObjectNode rotation() {
          return JsonNodeFactory.instance.objectNode();
        }
      };

  private final Plan plan;
  private final Topology topology;
  private final Problems problems;
  private final List<String> notes = new ArrayList<>();

  private RuleCheck(Plan plan, Topology topology, Problems problems) {
    this.plan = plan;
    this.topology = topology;
    this.problems = problems;
  }

  /**
   * Reports every rule that does not hold. One that needs a value which this command did not read
   * is not decided.
   *
   * @return what is to be said although nothing is wrong
   */
  public static List<String> check(Plan plan, Topology topology, Problems problems) {
    RuleCheck check = new RuleCheck(plan, topology, problems);
    check.couriers();
    for (ClusterDeclaration cluster : topology.clusters()) {
      plan.rules().stream()
          .filter(rule -> rule.ofHost() == cluster.host())
          .forEach(rule -> check.rule(rule, cluster));
    }
    return List.copyOf(check.notes);
  }

  /** What is carried to a member tells it of the host alone, and of no other member. */
  private void couriers() {
    if (plan.steps().stream().noneMatch(StepSpec::forEachPair)) {
      return;
    }
    topology.members().stream()
        .filter(ClusterDeclaration::courier)
        .forEach(
            member ->
                problems.error(
                    member.where(),
                    "member \""
                        + member.name()
                        + "\" is reached by courier, and plan "
                        + plan.name()
                        + " links each two clusters, which no bundle can do",
                    "give it an access that reaches it, or leave it out"));
  }

  private void rule(RuleSpec rule, ClusterDeclaration cluster) {
    if (rule.when().isPresent() && !holds(rule.when().get(), cluster).orElse(false)) {
      return;
    }
    boolean there = cluster.fields().has(rule.key()) || cluster.secrets().containsKey(rule.key());
    boolean broken =
        switch (rule.kind()) {
          case NEEDS -> !there;
          case REFUSES -> there;
          case THAT -> !holds(rule.that().orElseThrow(), cluster).orElse(true);
          case NOTE -> false;
        };
    if (rule.kind() == RuleSpec.Kind.NOTE) {
      notes.add(text(rule.message(), cluster));
    } else if (broken) {
      problems.error(
          SecretText.guarded(cluster.where()),
          text(rule.message(), cluster),
          rule.hint().map(hint -> text(hint, cluster)).stream().toArray(String[]::new));
    }
  }

  /** Whether it holds; empty when that cannot be told from what was read. */
  private Optional<Boolean> holds(Template template, ClusterDeclaration cluster) {
    if (unread(template, cluster)) {
      return Optional.empty();
    }
    Outcome outcome = at(cluster).evaluate(template, NOTHING, Map.of());
    return outcome instanceof Outcome.Value value
        ? Optional.of(value.value().asBoolean())
        : Optional.empty();
  }

  private static boolean unread(Template template, ClusterDeclaration cluster) {
    return template.references().stream()
        .filter(reference -> !reference.path().isEmpty())
        .map(reference -> cluster.secrets().get(reference.path().get(0)))
        .anyMatch(secret -> secret != null && !(secret instanceof SecretInput.Text));
  }

  private String text(Template template, ClusterDeclaration cluster) {
    Expressions expressions = at(cluster);
    return !expressions.sensitive(template)
            && expressions.evaluate(template, NOTHING, Map.of()) instanceof Outcome.Value value
        ? value.value().asText()
        : template.source();
  }

  private Expressions at(ClusterDeclaration cluster) {
    return Expressions.ofCluster(plan, topology, cluster);
  }
}
