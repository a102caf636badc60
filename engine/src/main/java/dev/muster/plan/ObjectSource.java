package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.live.LogQuery;
import dev.muster.resource.ObjectRef;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How a plan's object is read. */
public sealed interface ObjectSource {
  /** The same in the namespace that is chosen, where that is left open. */
  default ObjectSource at(UnaryOperator<String> chosen) {
    return this;
  }

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

    @Override
    public ObjectSource at(UnaryOperator<String> chosen) {
      return new One(in(pattern, chosen), name, through, access);
    }

    /** Whether a reference is one of these, but for its name and a namespace that is left open. */
    public boolean mayBe(ObjectRef ref) {
      return in(pattern, written -> ChosenNamespace.is(written) ? ref.namespace() : written)
          .equals(ref.withName(""));
    }
  }

  /** All objects of a kind, seen as {@code .items}. */
  record All(ObjectRef kind) implements ObjectSource {
    public All {
      Objects.requireNonNull(kind, "kind");
    }

    @Override
    public ObjectSource at(UnaryOperator<String> chosen) {
      return new All(in(kind, chosen));
    }
  }

  /** The log lines since the step's own write, seen as a list of {@code {time, pod, text}}. */
  record Log(LogQuery query) implements ObjectSource {
    public Log {
      Objects.requireNonNull(query, "query");
    }
  }

  private static ObjectRef in(ObjectRef pattern, UnaryOperator<String> chosen) {
    return pattern.withNamespace(chosen.apply(pattern.namespace()));
  }

  /** A Service of the cluster, whose name may follow from the topology. */
  record Through(String namespace, String scheme, Template service, String port) {}
}
