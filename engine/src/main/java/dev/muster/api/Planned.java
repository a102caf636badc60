package dev.muster.api;

import dev.muster.apply.RunListener;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.diff.Fingerprint;
import dev.muster.history.GitHistory;
import dev.muster.live.Failure;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.report.RunText;
import dev.muster.report.Style;
import dev.muster.session.Execution;
import dev.muster.session.FirstUse;
import dev.muster.session.PlanRendering;
import dev.muster.session.Rollback;
import dev.muster.session.SavedChangeSet;
import dev.muster.session.Session;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A computed difference, with the connections over which it was read. {@link #apply} does exactly
 * this: each object is read again before its write, and a step whose fields have changed since is
 * stopped and not overwritten. One thread plans and applies; {@link #interrupt} may come from any.
 */
public final class Planned implements AutoCloseable {
  private final Session session;
  private final MusterOptions options;
  private final ChangeSet changeSet;
  private final Fingerprint fingerprint;
  private final Expectation expectation;
  private volatile Optional<Execution> atWork = Optional.empty();

  Planned(
      Session session,
      MusterOptions options,
      ChangeSet changeSet,
      Fingerprint fingerprint,
      Expectation expectation) {
    this.session = session;
    this.options = options;
    this.changeSet = changeSet;
    this.fingerprint = fingerprint;
    this.expectation = expectation;
  }

  public ChangeSet changeSet() {
    return changeSet;
  }

  /** As {@code muster plan} shows it, free of secrets and of control characters. */
  public String text() {
    return rendered(PlanRendering.text);
  }

  /** As {@code muster plan -o json} shows it. */
  public String json() {
    return rendered(PlanRendering.json);
  }

  /** As {@code muster plan -o markdown} shows it. */
  public String markdown() {
    return rendered(PlanRendering.markdown);
  }

  private String rendered(PlanRendering format) {
    return format.of(session, changeSet, fingerprint, Style.PLAIN);
  }

  /**
   * Saves it, free of secrets, for {@link Muster#saved} or {@code muster apply FILE}.
   *
   * @throws dev.muster.problem.MusterException when the file cannot be written
   */
  public void save(Path file) {
    SavedChangeSet.write(
        file, session.loaded(), options.prune(), options.maxRemove(), changeSet, fingerprint);
  }

  /** A listener that writes lines for people; texts from clusters are made safe to show. */
  public RunListener telling(PrintWriter out) {
    return new RunText(out, session.clean(), Style.PLAIN, false);
  }

  /**
   * Runs it, under the lock of the topology, behind its gates, with a record in the history.
   *
   * @param listener is told what happens, by several threads, one event at a time; texts in events
   *     may come from a cluster
   * @throws dev.muster.problem.MusterException when it cannot begin, or its end cannot be recorded
   */
  public RunResult apply(RunListener listener) {
    List<Problem> reasons = reasons();
    if (!reasons.isEmpty()) {
      return new RunResult.Refused(reasons);
    }
    Optional<GitHistory> history =
        options.history()
            ? GitHistory.find(session.loaded().file(), session.topology().name())
            : Optional.empty();
    List<String> notes = new ArrayList<>();
    try {
      Optional<Problem> takenBack =
          history
              .filter(h -> !options.forward() && changeSet.hasWork())
              .flatMap(h -> Rollback.takenBack(h, session.loaded()));
      if (takenBack.isPresent()) {
        return new RunResult.Refused(List.of(takenBack.get()));
      }
      Optional<FirstUse> firstUse =
          changeSet.hasWork() ? FirstUse.of(session.loaded(), history) : Optional.empty();
      if (firstUse
          .filter(use -> !options.acceptPlan().equals(Optional.of(use.digest())))
          .isPresent()) {
        return new RunResult.Refused(List.of(firstUse.get().refusal()));
      }
      Execution execution =
          new Execution(Execution.newRunId(), options.parallel(), listener, notes::add);
      atWork = Optional.of(execution);
      Execution.Job job =
          new Execution.Job(
              session,
              changeSet,
              expectation,
              session.topology(),
              history,
              Optional.empty(),
              Optional.empty(),
              options.selectors().all(),
              false);
      if (!changeSet.hasWork()) {
        execution.tidy(job);
        return new RunResult.NothingToDo();
      }
      return switched(execution.run(job), history, notes);
    } finally {
      atWork = Optional.empty();
      history.ifPresent(GitHistory::close);
    }
  }

  private static RunResult switched(
      Execution.End end, Optional<GitHistory> history, List<String> notes) {
    if (end instanceof Execution.End.Locked locked) {
      return new RunResult.Locked(
          locked.holder().runId(), locked.holder().by().who(), locked.holder().since());
    }
    Execution.End.Done done = (Execution.End.Done) end;
    notes.addAll(done.told());
    return new RunResult.Ended(done.report(), history.map(GitHistory::branch), notes);
  }

  /** Why nothing of it may be written. */
  private List<Problem> reasons() {
    List<Problem> reasons = new ArrayList<>(changeSet.refusals());
    changeSet.clusters().stream()
        .filter(state -> state.cluster().host() && state.failure().isPresent())
        .forEach(
            state ->
                reasons.add(
                    Problem.error(
                        Where.nowhere(),
                        "the host cannot be worked with: "
                            + state.failure().map(Failure::message).orElse(""))));
    return reasons;
  }

  /** Ends a run after what is under way; nothing happens when none is at work. */
  public void interrupt() {
    atWork.ifPresent(Execution::interrupt);
  }

  /** Closes the connections. */
  @Override
  public void close() {
    session.close();
  }
}
