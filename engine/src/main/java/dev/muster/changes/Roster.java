package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.desired.Expressions;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.live.Failure;
import dev.muster.plan.Plan;
import dev.muster.plan.RosterSpec;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The members that are registered on the host, as a plan's roster finds them. */
public final class Roster {
  private final RosterSpec spec;
  private final Plan plan;
  private final Topology topology;
  private final Expressions expressions;

  /** A registered member: its name there, and the object that stands for it. */
  public record Registered(String name, JsonNode item) {}

  private Roster(RosterSpec spec, Plan plan, Topology topology) {
    this.spec = spec;
    this.plan = plan;
    this.topology = topology;
    this.expressions = new Expressions(plan, topology, topology.host(), Optional.empty());
  }

  /** Empty when the plan has none. */
  public static Optional<Roster> of(Plan plan, Topology topology) {
    return plan.roster().map(spec -> new Roster(spec, plan, topology));
  }

  /** What has to be read before the registered members can be told. */
  public Set<Need> needs() {
    Set<Need> needs = new LinkedHashSet<>();
    needs.add(list());
    needs.addAll(expressions.needs(spec.counts()));
    needs.addAll(expressions.needs(spec.name()));
    return needs;
  }

  private Need list() {
    return new Need(topology.host(), plan.object(spec.list()), Optional.empty());
  }

  /** Why the list cannot be told. */
  public Optional<Failure> failure(Snapshot snapshot) {
    return snapshot.object(list()) instanceof Lookup.Unreadable unreadable
        ? Optional.of(unreadable.failure())
        : Optional.empty();
  }

  /** All that are registered, in the order in which the host lists them; the host is none. */
  public List<Registered> registered(Snapshot snapshot) {
    List<Registered> registered = new ArrayList<>();
    if (snapshot.object(list()) instanceof Lookup.Present present) {
      for (JsonNode item : present.value().path("items")) {
        boolean counts =
            evaluate(expressions, spec.counts(), snapshot, item)
                .filter(JsonNode::asBoolean)
                .isPresent();
        if (counts) {
          evaluate(expressions, spec.name(), snapshot, item)
              .map(JsonNode::asText)
              .filter(name -> !name.isEmpty())
              .ifPresent(name -> registered.add(new Registered(name, item)));
        }
      }
    }
    return registered;
  }

  /** Those that the topology does not name. */
  public Unmanaged unmanaged(Snapshot snapshot) {
    Optional<Failure> failure = failure(snapshot);
    if (failure.isPresent()) {
      return new Unmanaged(List.of(), failure.get().message());
    }
    Set<String> known = new HashSet<>();
    for (ClusterDeclaration member : topology.members()) {
      known.add(member.name());
      // Under its former name it is the same member.
      known.add(member.formerName());
    }
    List<Unmanaged.Member> members = new ArrayList<>();
    for (Registered each : registered(snapshot)) {
      if (!known.contains(each.name())) {
        String uid =
            spec.uid().stream()
                .filter(Roster::needsNoMember)
                .map(template -> evaluate(expressions, template, snapshot, each.item()))
                .flatMap(Optional::stream)
                .map(JsonNode::asText)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        members.add(new Unmanaged.Member(each.name(), uid));
      }
    }
    return new Unmanaged(members, "");
  }

  private static boolean needsNoMember(Template template) {
    return template.references().stream().noneMatch(r -> r.root().equals("member"));
  }

  private static Optional<JsonNode> evaluate(
      Expressions expressions, Template template, Snapshot snapshot, JsonNode item) {
    return expressions.evaluate(template, snapshot, Map.of("item", item))
            instanceof Outcome.Value value
        ? Optional.of(value.value())
        : Optional.empty();
  }
}
