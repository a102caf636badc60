package dev.muster.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.live.ServicePort;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that has to be read before an expression can be evaluated.
 *
 * @param cluster the cluster to ask
 * @param object what to ask for
 * @param about the member or the other cluster that it is about, for objects that there is one of
 *     for each of these
 */
public record Need(
    ClusterDeclaration cluster, ObjectSpec object, Optional<ClusterDeclaration> about) {
  public Need {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(object, "object");
  }

  /**
   * Equal for equal needs; the fields of a declaration are too large to compare again and again.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Need need
        && need.cluster.name().equals(cluster.name())
        && need.object.name().equals(object.name())
        && need.aboutName().equals(aboutName());
  }

  @Override
  public int hashCode() {
    return Objects.hash(cluster.name(), object.name(), aboutName());
  }

  /**
   * The object's reference, for a need of a single object.
   *
   * @throws IllegalStateException when its name does not follow from the topology
   */
  public ObjectRef ref() {
    if (object.source() instanceof ObjectSource.One one) {
      return one.pattern().withName(text(one.name()));
    }
    if (object.source() instanceof ObjectSource.All all) {
      return all.kind();
    }
    throw new IllegalStateException(object.name() + " is no object");
  }

  /** What is special about some of its fields. */
  public FieldRules rules() {
    return object.keys().isEmpty() ? object.rules() : object.rules().at(this::key);
  }

  private String key(String written) {
    return Optional.ofNullable(object.keys().get(written)).map(this::text).orElse(written);
  }

  /** The Service through which it is read, when it is not read from the cluster itself. */
  public Optional<ServicePort> through() {
    return object.source() instanceof ObjectSource.One one
        ? one.through()
            .map(t -> new ServicePort(t.namespace(), t.scheme(), text(t.service()), t.port()))
        : Optional.empty();
  }

  /** Whether it is read on another way than the runner's own access to its cluster. */
  public boolean elsewhere() {
    return object.source() instanceof ObjectSource.One one && one.elsewhere();
  }

  /** What gives the kubeconfig with which it is read, when it has one of its own. */
  public Optional<Template> access() {
    return object.source() instanceof ObjectSource.One one ? one.access() : Optional.empty();
  }

  private String text(Template template) {
    Map<String, JsonNode> variables = new HashMap<>();
    variables.put("self", cluster.fields());
    variables.put(cluster.host() ? "host" : "member", cluster.fields());
    about.ifPresent(one -> variables.put(object.perPeer() ? "peer" : "member", one.fields()));
    if (template.evaluate(variables) instanceof Outcome.Value value) {
      return value.value().asText();
    }
    throw new IllegalStateException("the name of " + object.name() + " has no value");
  }

  private String aboutName() {
    return about.map(ClusterDeclaration::name).orElse("");
  }

  /** What is read, as its cluster knows it, for messages. */
  public String described() {
    String what;
    if (object.source() instanceof ObjectSource.Log log) {
      what = "the log of " + log.query();
    } else if (object.source() instanceof ObjectSource.All all) {
      what = "the list of " + all.kind().plural();
    } else {
      what = ref().toString();
    }
    return what + " on " + cluster.name();
  }

  /** By the names that the plan has for it. */
  @Override
  public String toString() {
    return object.name() + " on " + cluster.name() + about.map(m -> " for " + m.name()).orElse("");
  }
}
