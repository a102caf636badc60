package dev.muster.cli;

import dev.muster.apply.RunListener;
import dev.muster.report.RunJson;
import dev.muster.report.RunText;
import dev.muster.session.Execution;
import dev.muster.session.Rollback;
import java.io.PrintWriter;

/** A run told in the terminal: as it goes, and how it ended. */
final class ApplyRun {
  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ApplyOptions options;
  private final String runId;
  private final Notes notes;

  ApplyRun(
      MusterCommand top,
      PrintWriter out,
      PrintWriter err,
      ApplyOptions options,
      String runId,
      Notes notes) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options = options;
    this.runId = runId;
    this.notes = notes;
  }

  ExitCode run(Execution.Job job) {
    RunText text = new RunText(out, job.session().clean(), top.style(), job.dry());
    RunListener listener = options.events() ? new RunJson(out, job.session().clean()) : text;
    Execution execution = new Execution(runId, options.parallel(), listener, notes::tell);
    Interruption interruption = Interruption.install(execution::interrupt);
    try {
      Execution.End end = execution.run(job);
      if (end instanceof Execution.End.Locked locked) {
        return locked(locked);
      }
      Execution.End.Done done = (Execution.End.Done) end;
      if (!options.events()) {
        text.summary(done.report());
        done.told().forEach(notes::tell);
        CourierNotes.left(job.changeSet(), options.prune()).forEach(notes::tell);
        job.history()
            .ifPresent(
                h -> out.println("recorded on branch " + h.branch() + ": muster show " + runId));
        options.rollback().flatMap(Rollback::reminder).ifPresent(notes::tell);
      }
      return RunExit.of(done.report(), job.changeSet());
    } finally {
      interruption.done();
    }
  }

  /** Bookkeeping without a change. */
  void tidy(Execution.Job job) {
    new Execution(runId, options.parallel(), event -> {}, notes::tell).tidy(job);
  }

  private ExitCode locked(Execution.End.Locked locked) {
    if (options.healing().isPresent()) {
      // Two that look after the same fleet from time to time are nothing to wake anybody for.
      notes.tell(
          "run " + locked.holder().runId() + " is at work on this topology; nothing was done");
      return ExitCode.LOCKED;
    }
    err.println(
        top.clean(
            "error: "
                + locked.holder().run()
                + " holds the lock of this topology since "
                + locked.holder().since()
                + "\n  hint: wait for it; if it is gone for good, `muster lock release`"));
    return ExitCode.LOCKED;
  }
}
