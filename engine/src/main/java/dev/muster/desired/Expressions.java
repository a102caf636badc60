package dev.muster.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.expression.Outcome;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.live.Failure;
import dev.muster.plan.FactSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.TokenSpec;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretInput;
import dev.muster.topology.Topology;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Evaluates a plan's expressions for one place: the host, one member of a topology, or two of its
 * clusters. Facts are evaluated where they are named.
 */
public final class Expressions {
  private final Plan plan;
  private final Topology topology;
  private final ClusterDeclaration self;
  private final Optional<ClusterDeclaration> member;
  private final Optional<ClusterDeclaration> peer;
  private final Sensitivity sensitivity;

  /**
   * @param self the cluster that {@code self} means
   * @param member the member that {@code member} means
   */
  public Expressions(
      Plan plan, Topology topology, ClusterDeclaration self, Optional<ClusterDeclaration> member) {
    this(plan, topology, self, member, Optional.empty());
  }

  private Expressions(
      Plan plan,
      Topology topology,
      ClusterDeclaration self,
      Optional<ClusterDeclaration> member,
      Optional<ClusterDeclaration> peer) {
    this.plan = plan;
    this.topology = topology;
    this.self = self;
    this.member = member;
    this.peer = peer;
    this.sensitivity = new Sensitivity(plan);
  }

  /** As a step, and the gate behind it while a run waits, sees the topology. */
  public static Expressions at(Plan plan, Topology topology, Step step) {
    return new Expressions(plan, topology, step.cluster(), step.member(), step.peer());
  }

  /** As the gate behind a step is looked at outside of a run: from the member that it is about. */
  public static Expressions about(Plan plan, Topology topology, Step step) {
    ClusterDeclaration subject = step.subject();
    return step.peer().isPresent() ? at(plan, topology, step) : ofCluster(plan, topology, subject);
  }

  /** As the access of an object sees the topology. */
  public static Expressions of(Plan plan, Topology topology, Need need) {
    return need.object().perPeer()
        ? new Expressions(plan, topology, need.cluster(), Optional.empty(), need.about())
        : new Expressions(plan, topology, need.cluster(), need.about());
  }

  /** Whether what comes out of the template may not be shown. */
  public boolean sensitive(Template template) {
    return sensitivity.of(template);
  }

  /** What has to be read before the template can be evaluated, through facts as well. */
  public Set<Need> needs(Template template) {
    Set<Need> needs = new LinkedHashSet<>();
    collect(template, needs);
    return needs;
  }

  private void collect(Template template, Set<Need> needs) {
    for (Reference reference : template.references()) {
      FactSpec fact = plan.facts().get(reference.root());
      if (fact != null && !fact.ofCluster()) {
        Expressions atHost = at(topology.host());
        fact.from().forEach(from -> atHost.collect(from, needs));
        continue;
      }
      Optional<ClusterDeclaration> cluster = cluster(reference.root());
      if (cluster.isEmpty() || reference.path().isEmpty()) {
        continue;
      }
      String name = reference.path().get(0);
      if (cluster.get().secrets().get(name) instanceof SecretInput.OnHost secret) {
        needs.add(HostSecret.need(topology.host(), secret));
      }
      ObjectSpec object = plan.objects().get(name);
      if (object != null) {
        Need need = need(cluster.get(), object);
        needs.add(need);
        need.access().ifPresent(access -> of(need).collect(access, needs));
      }
      TokenSpec token = plan.tokens().get(name);
      if (token != null) {
        needs.add(need(cluster.get(), plan.object(token.account())));
      }
      FactSpec clusterFact = plan.facts().get(name);
      if (clusterFact != null && clusterFact.ofCluster()) {
        Expressions there = at(cluster.get());
        clusterFact.from().forEach(from -> there.collect(from, needs));
      }
    }
  }

  /** As a cluster sees it by itself: {@code member} is that cluster, unless it is the host. */
  public static Expressions ofCluster(Plan plan, Topology topology, ClusterDeclaration cluster) {
    return new Expressions(
        plan, topology, cluster, cluster.host() ? Optional.empty() : Optional.of(cluster));
  }

  /** As an object's own access sees the topology. */
  private Expressions of(Need need) {
    return need.about().isPresent() ? of(plan, topology, need) : at(need.cluster());
  }

  /** The kubeconfig with which a need is read; nothing when there is none to read it with. */
  public Optional<String> kubeconfig(Need need, World world) {
    return need.access()
        .map(access -> of(need).evaluate(access, world, Map.of()))
        .filter(Outcome.Value.class::isInstance)
        .map(outcome -> ((Outcome.Value) outcome).value().asText())
        .filter(text -> !text.isBlank());
  }

  private Expressions at(ClusterDeclaration cluster) {
    return ofCluster(plan, topology, cluster);
  }

  /** What an object's name means for this place. */
  public Need need(ClusterDeclaration seenFrom, ObjectSpec object) {
    if (object.perPeer()) {
      boolean own = seenFrom.name().equals(self.name());
      return new Need(seenFrom, object, own ? peer : Optional.of(self));
    }
    if (object.perMember()) {
      ClusterDeclaration lives = object.on() == On.HOST ? topology.host() : seenFrom;
      return new Need(lives, object, member.or(() -> Optional.of(seenFrom)));
    }
    return new Need(seenFrom, object, Optional.empty());
  }

  private Optional<ClusterDeclaration> cluster(String root) {
    return switch (root) {
      case "host" -> Optional.of(topology.host());
      case "member" -> member;
      case "self" -> Optional.of(self);
      case "peer" -> peer;
      default -> Optional.empty();
    };
  }

  /**
   * Evaluates a template.
   *
   * @param extra further variables, for example {@code step} in gates
   */
  public Outcome evaluate(Template template, World world, Map<String, JsonNode> extra) {
    if (template.constant()) {
      return template.evaluate(Map.of());
    }
    Map<String, JsonNode> variables = new LinkedHashMap<>(extra);
    for (Reference reference : template.references()) {
      String root = reference.root();
      FactSpec fact = plan.facts().get(root);
      if (fact != null && !fact.ofCluster()) {
        if (!variables.containsKey(root)) {
          at(topology.host()).fact(fact, world).ifPresent(value -> variables.put(root, value));
        }
        continue;
      }
      if (root.equals("topology")) {
        variables.put(root, world.topology(topology, () -> topologyVariable(world)));
        continue;
      }
      if (root.equals("rotation")) {
        variables.put(root, world.rotation());
        continue;
      }
      Optional<ClusterDeclaration> cluster = cluster(root);
      if (cluster.isPresent()) {
        ObjectNode scope =
            (ObjectNode) variables.computeIfAbsent(root, r -> cluster.get().fields().deepCopy());
        if (!reference.path().isEmpty()) {
          fill(scope, reference.path().get(0), cluster.get(), world);
        }
      }
    }
    return template.evaluate(variables);
  }

  private void fill(ObjectNode scope, String name, ClusterDeclaration cluster, World world) {
    if (scope.has(name)) {
      return;
    }
    Lookup lookup = new Lookup.Absent();
    SecretInput secret = cluster.secrets().get(name);
    ObjectSpec object = plan.objects().get(name);
    FactSpec fact = plan.facts().get(name);
    if (secret != null) {
      lookup = value(secret, world);
    } else if (object != null) {
      lookup = world.object(need(cluster, object));
    } else if (fact != null && fact.ofCluster()) {
      at(cluster).fact(fact, world).ifPresent(value -> scope.set(name, value));
      return;
    } else if (plan.tokens().containsKey(name)) {
      scope.set(name, token(plan.tokens().get(name), cluster, world));
      return;
    } else if (name.equals("recordedUid")) {
      lookup = world.recordedUid(cluster);
    } else if (name.equals("uid")) {
      lookup = world.uid(cluster);
    } else if (name.equals("clock")) {
      lookup = world.clock(cluster);
    }
    if (lookup instanceof Lookup.Present present) {
      scope.set(name, present.value());
    } else if (lookup instanceof Lookup.Unreadable unreadable
        && object != null
        && object.source() instanceof ObjectSource.One one
        && one.elsewhere()) {
      // Why it does not work is just what such a read is to find out.
      Failure failure = unreadable.failure();
      scope
          .putObject(name)
          .putObject("failure")
          .put("kind", failure.kind().name())
          .put("message", failure.message());
    }
  }

  private ObjectNode token(TokenSpec token, ClusterDeclaration cluster, World world) {
    Need account = need(cluster, plan.object(token.account()));
    return Tokens.view(
        token,
        account,
        world.object(account),
        world.clock(cluster),
        template -> at(cluster).evaluate(template, world, Map.of()));
  }

  private Lookup value(SecretInput secret, World world) {
    if (secret instanceof SecretInput.Text text) {
      return new Lookup.Present(TextNode.valueOf(text.value()));
    }
    return secret instanceof SecretInput.OnHost onHost
        ? HostSecret.value(topology.host(), onHost, world)
        : new Lookup.Absent();
  }

  /** The value of a fact at this place, when it has one. */
  private Optional<JsonNode> fact(FactSpec fact, World world) {
    if (fact.carry() && world.carried(self, fact.name()) instanceof Lookup.Present present) {
      return Optional.of(present.value());
    }
    return live(fact, world);
  }

  /** What a fact says at this place now, whatever was carried along. */
  public Optional<JsonNode> live(FactSpec fact, World world) {
    for (Template from : fact.from()) {
      if (evaluate(from, world, Map.of()) instanceof Outcome.Value value
          && !(value.value().isTextual() && value.value().asText().isEmpty())) {
        return Optional.of(value.value());
      }
    }
    return Optional.empty();
  }

  private ObjectNode topologyVariable(World world) {
    ObjectNode variable = JsonNodeFactory.instance.objectNode();
    variable.put("name", topology.name());
    variable.set("host", topology.host().fields());
    ArrayNode members = variable.putArray("members");
    for (ClusterDeclaration each : topology.members()) {
      ObjectNode fields = each.fields().deepCopy();
      if (world.uid(each) instanceof Lookup.Present uid) {
        fields.set("uid", TextNode.valueOf(uid.value().asText()));
      }
      members.add(fields);
    }
    return variable;
  }

  /** A secret that is named and not there is no missing value: nothing brings it forth. */
  private Optional<Evaluated.Unreadable> unreadableSecret(Template template, World world) {
    for (Reference reference : template.references()) {
      Optional<ClusterDeclaration> cluster = cluster(reference.root());
      if (cluster.isEmpty() || reference.path().isEmpty()) {
        continue;
      }
      String name = reference.path().get(0);
      ObjectSpec object = plan.objects().get(name);
      if (object != null
          && object.source() instanceof ObjectSource.One one
          && one.access().isPresent()) {
        Optional<Evaluated.Unreadable> ofAccess =
            of(need(cluster.get(), object)).unreadableSecret(one.access().get(), world);
        if (ofAccess.isPresent()) {
          return ofAccess;
        }
      }
      if (cluster.get().secrets().get(name) instanceof SecretInput.OnHost secret
          && value(secret, world) instanceof Lookup.Unreadable unreadable) {
        return Optional.of(
            new Evaluated.Unreadable(
                name + " of " + cluster.get().name() + " from the host", unreadable.failure()));
      }
    }
    return Optional.empty();
  }

  /**
   * Evaluates over what was read. What could not be read looks as if it were not there, and must
   * not count as such: it is an error of the expression that needs it.
   */
  public Outcome evaluateRead(Template template, World world, Map<String, JsonNode> extra) {
    return unreadable(template, world)
        .<Outcome>map(unreadable -> new Outcome.Error(unreadable.message()))
        .orElseGet(() -> evaluate(template, world, extra));
  }

  /**
   * The unreadable one among what the template needs, when there is one. A read through a Service
   * or with a kubeconfig of its own is not counted: that no answer comes is just what such a read
   * is to find out.
   */
  public Optional<Evaluated.Unreadable> unreadable(Template template, World world) {
    Optional<Evaluated.Unreadable> secret = unreadableSecret(template, world);
    if (secret.isPresent()) {
      return secret;
    }
    for (Need need : needs(template)) {
      if (!need.elsewhere() && world.object(need) instanceof Lookup.Unreadable unreadable) {
        return Optional.of(new Evaluated.Unreadable(need.described(), unreadable.failure()));
      }
    }
    return Optional.empty();
  }
}
