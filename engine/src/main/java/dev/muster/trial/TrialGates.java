package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.apply.GateKeeper;
import dev.muster.apply.StepOutcome;
import dev.muster.changes.Snapshot;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Template;
import dev.muster.gate.Cause;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.gate.StepVariable;
import dev.muster.plan.GateSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Probe;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.Step;
import dev.muster.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks at gates instead of waiting: as long as one is closed, the next thing that the case says to
 * happen meanwhile happens; when there is no more, the wait is over. What has to be stable is, as
 * time stands still.
 */
final class TrialGates implements GateKeeper {
  private final Session session;
  private final Instant now;
  private final Predicate<Step> answer;
  private final Coverage coverage;
  private final Map<String, List<GateSaid>> said = new LinkedHashMap<>();

  /**
   * @param answer lets the next thing happen that the case has for a step; false when there is none
   */
  TrialGates(Session session, Instant now, Predicate<Step> answer, Coverage coverage) {
    this.session = session;
    this.now = now;
    this.answer = answer;
    this.coverage = coverage;
  }

  @Override
  public boolean real() {
    return true;
  }

  /** What each gate that was come to has said, one after another, by step. */
  Map<String, List<GateSaid>> said() {
    return said;
  }

  @Override
  public Optional<StepOutcome> pass(
      Step step, GateSpec gate, Snapshot snapshot, Set<String> wrote, Instant since) {
    Instant begun = wrote.isEmpty() ? now : since;
    while (true) {
      GateSaid says = look(step, gate, StepVariable.of(wrote, begun), begun);
      List<GateSaid> all = said.computeIfAbsent(step.id(), id -> new ArrayList<>());
      all.add(says);
      if (says.isOpen()) {
        return Optional.empty();
      }
      String next = says.cause().map(Cause::next).orElse("muster why " + step.subject().name());
      if (says.state().equals("failed")) {
        return Optional.of(
            new StepOutcome.GateFailed(gate.name(), says.why(), next, Duration.ZERO));
      }
      if (!answer.test(step)) {
        String cause = says.cause().map(Cause::text).orElse("");
        return Optional.of(
            new StepOutcome.TimedOut(gate.name(), says.why(), cause, next, Duration.ZERO));
      }
    }
  }

  /** What a gate says of the clusters as they are now. */
  GateSaid look(Step step, GateSpec gate, Map<String, JsonNode> variable, Instant since) {
    Snapshot snapshot = session.snapshot();
    Expressions expressions = Expressions.at(session.planFile(), session.topology(), step);
    GateCheck check =
        new GateCheck(
            gate,
            template -> {
              read(expressions.needs(template), since);
              session.reader().readClocks(List.of(template), step.subject(), snapshot);
              return coverage.evaluated(
                  gate, template, expressions.evaluateRead(template, snapshot, variable));
            });
    for (ReadyTerm term : gate.ready()) {
      read(expressions, term.templates(), since);
    }
    GateStatus status = check.ready();
    if (status instanceof GateStatus.Ready) {
      status = check.proof();
    }
    if (status instanceof GateStatus.Ready) {
      coverage.opened(gate);
      return GateSaid.open();
    }
    Optional<Cause> failed = check.failed();
    String why = ((GateStatus.Waiting) status).why();
    return failed.isPresent()
        ? new GateSaid("failed", failed.get().text(), failed)
        : new GateSaid("waiting", why, check.why());
  }

  private void read(Expressions expressions, List<Template> templates, Instant since) {
    templates.forEach(template -> read(expressions.needs(template), since));
  }

  private void read(Collection<Need> needs, Instant since) {
    Set<Need> objects = new LinkedHashSet<>();
    for (Need need : needs) {
      if (need.object().source() instanceof ObjectSource.Log log) {
        session
            .snapshot()
            .put(need, session.clusters().open(need.cluster()).logs(log.query(), since));
      } else {
        objects.add(need);
      }
    }
    session.reader().read(objects, session.snapshot());
  }

  /** Everything that a gate may ask. */
  static List<Probe> probes(GateSpec gate) {
    List<Probe> probes = new ArrayList<>(gate.failed());
    probes.addAll(gate.why());
    return probes;
  }
}
