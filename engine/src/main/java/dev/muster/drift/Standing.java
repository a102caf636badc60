package dev.muster.drift;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expiring;
import dev.muster.changes.StepPlan;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.changes.Unmanaged;
import dev.muster.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The findings that stand, over many looks at all or a part of a fleet. What a look could not
 * compare stays as it was told last: nothing goes back to what is declared by becoming unreachable.
 */
public final class Standing {
  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private final Map<String, ClusterReport> clusters = new LinkedHashMap<>();
  private Unmanaged unmanaged = Unmanaged.none();

  /**
   * Takes in another look.
   *
   * @param whole whether it was one at all that is looked at, and not at some members only
   * @return what has moved, what is new first
   */
  public List<Movement> update(ChangeSet changeSet, DriftReport report, boolean whole) {
    Map<String, Finding> now = new LinkedHashMap<>();
    all(changeSet, report, whole).forEach(finding -> now.putIfAbsent(finding.key(), finding));
    Set<String> compared = steps(changeSet, Decision.RUN, Decision.DONE, Decision.NOT_NEEDED);
    Set<String> tried = steps(changeSet, Decision.REFUSED, Decision.FAILED);
    tried.addAll(compared);
    Set<String> known = steps(changeSet, Decision.values());
    List<Movement> moved = new ArrayList<>();
    List<Movement> resolved = new ArrayList<>();
    for (Finding before : List.copyOf(findings.values())) {
      String step = before.step();
      Set<String> enough = before instanceof Finding.Uncompared ? tried : compared;
      boolean looked =
          step.isEmpty() ? whole : enough.contains(step) || whole && !known.contains(step);
      if (looked && !now.containsKey(before.key())) {
        findings.remove(before.key());
        resolved.add(new Movement(Movement.Kind.RESOLVED, before));
      }
    }
    now.forEach(
        (key, finding) -> {
          Finding before = findings.put(key, finding);
          if (before == null) {
            moved.add(new Movement(Movement.Kind.FOUND, finding));
          } else if (!finding.same(before)) {
            moved.add(new Movement(Movement.Kind.CHANGED, finding));
          }
        });
    if (whole) {
      clusters.clear();
      unmanaged = report.unmanaged();
    }
    report.clusters().forEach(cluster -> clusters.put(cluster.name(), cluster));
    moved.addAll(resolved);
    return moved;
  }

  private static Set<String> steps(ChangeSet changeSet, Decision... decisions) {
    Set<Decision> wanted = Set.of(decisions);
    Set<String> ids = new HashSet<>();
    for (StepPlan step : changeSet.steps()) {
      if (wanted.contains(step.decision())) {
        ids.add(step.step().id());
      }
    }
    return ids;
  }

  private static List<Finding> all(ChangeSet changeSet, DriftReport report, boolean whole) {
    List<Finding> all = new ArrayList<>();
    report.fields().forEach(field -> all.add(new Finding.Field(field)));
    report.closedGates().forEach(text -> all.add(new Finding.ClosedGate(text)));
    for (StepPlan step : changeSet.steps()) {
      boolean told = step.decision() == Decision.REFUSED || step.decision() == Decision.FAILED;
      for (Problem problem : told ? step.problems() : List.<Problem>of()) {
        all.add(
            new Finding.Uncompared(step.step().id(), step.decision() == Decision.REFUSED, problem));
      }
    }
    if (whole) {
      changeSet.guards().forEach(guard -> all.add(new Finding.Uncompared("", true, guard)));
      report.expiring().forEach(expiring -> all.add(new Finding.RunningOut(expiring)));
      report.unmanaged().members().forEach(member -> all.add(new Finding.Stranger(member)));
    }
    return all;
  }

  /** Whether something could not be compared. */
  public boolean uncompared() {
    return findings.values().stream().anyMatch(Finding.Uncompared.class::isInstance);
  }

  /** Whether something is refused. */
  public boolean refused() {
    return findings.values().stream()
        .anyMatch(each -> each instanceof Finding.Uncompared problem && problem.refused());
  }

  /** All that stands, as a report. */
  public DriftReport report(String topology, Instant at) {
    List<DriftedField> fields = new ArrayList<>();
    List<String> gates = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<Expiring> expiring = new ArrayList<>();
    for (Finding finding : findings.values()) {
      if (finding instanceof Finding.Field field) {
        fields.add(field.field());
      } else if (finding instanceof Finding.ClosedGate gate) {
        gates.add(gate.text());
      } else if (finding instanceof Finding.Uncompared uncompared) {
        problems.add(uncompared.problem());
      } else if (finding instanceof Finding.RunningOut out) {
        expiring.add(out.expiring());
      }
    }
    return new DriftReport(
        topology, at, List.copyOf(clusters.values()), fields, gates, problems, unmanaged, expiring);
  }
}
