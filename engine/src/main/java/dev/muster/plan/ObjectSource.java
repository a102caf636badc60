package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.live.LogQuery;
import dev.muster.resource.ObjectRef;
import java.util.Objects;
import java.util.Optional;

/** How a plan's object is read. */
public sealed interface ObjectSource {

  /**
   * One object.
   *
   * @param pattern the reference with an empty name
   * @param name its name, which may follow from the topology
   * @param through the Service whose far end is asked instead of the cluster itself
   * @param access gives the kubeconfig with which it is read, in the place of the runner's own
   */
  record One(ObjectRef pattern, Template name, Optional<Through> through, Optional<Template> access)
      implements ObjectSource {
    /** Whether another way leads to it than the runner's own access, which may lead nowhere. */
    public boolean elsewhere() {
      return through.isPresent() || access.isPresent();
    }

    public One {
      Objects.requireNonNull(pattern, "pattern");
      Objects.requireNonNull(name, "name");
    }
  }

  /** All objects of a kind, seen as {@code .items}. */
  record All(ObjectRef kind) implements ObjectSource {
    public All {
      Objects.requireNonNull(kind, "kind");
    }
  }

  /** The log lines since the step's own write, seen as a list of {@code {time, pod, text}}. */
  record Log(LogQuery query) implements ObjectSource {
    public Log {
      Objects.requireNonNull(query, "query");
    }
  }

  /** A Service of the cluster, whose name may follow from the topology. */
  record Through(String namespace, String scheme, Template service, String port) {}
}
