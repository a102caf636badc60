package dev.muster.gate;

import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Probe;
import dev.muster.plan.ReadyTerm;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Looks at a gate through the outcomes of its expressions. */
public final class GateCheck {
  private final GateSpec gate;
  private final Function<Template, Outcome> evaluate;

  public GateCheck(GateSpec gate, Function<Template, Outcome> evaluate) {
    this.gate = gate;
    this.evaluate = evaluate;
  }

  /** What the live objects show; neither stability nor proof is asked for. */
  public GateStatus ready() {
    return unmet(gate.ready());
  }

  /** What is asked in addition while a run waits. */
  public GateStatus proof() {
    return unmet(gate.proof());
  }

  /** The cause that ends the waiting at once, when one of them holds. */
  public Optional<Cause> failed() {
    return first(gate.failed());
  }

  /** The most telling cause of a wait. */
  public Optional<Cause> why() {
    return first(gate.why());
  }

  /** The line to show while waiting, empty when there is none. */
  public String progress() {
    return gate.progress().map(template -> text(template, "")).orElse("");
  }

  private GateStatus unmet(List<ReadyTerm> terms) {
    for (ReadyTerm term : terms) {
      Outcome outcome = evaluate.apply(term.that());
      if (outcome instanceof Outcome.Error error) {
        return new GateStatus.Waiting("cannot tell: " + error.message());
      }
      if (!holds(outcome)) {
        return new GateStatus.Waiting(text(term.waiting(), "?"));
      }
    }
    return new GateStatus.Ready();
  }

  private Optional<Cause> first(List<Probe> probes) {
    return probes.stream()
        .filter(probe -> holds(evaluate.apply(probe.when())))
        .findFirst()
        .map(probe -> new Cause(text(probe.cause(), "?"), text(probe.next(), "?")));
  }

  /** A value that is not there is no reason to open a gate, nor to call it failed. */
  private static boolean holds(Outcome outcome) {
    return outcome instanceof Outcome.Value value && value.value().asBoolean(false);
  }

  private String text(Template template, String otherwise) {
    if (evaluate.apply(template) instanceof Outcome.Value value) {
      // "not ready yet: ${message}", where the message is empty.
      return value.value().asText().replaceFirst(":\\s+$", "");
    }
    // The words of the plan without the value that is not there.
    return otherwise.isEmpty()
        ? ""
        : template.source().replaceAll("(?s)[:(]?\\s*\\$\\{.*?\\}\\)?", "").strip();
  }
}
