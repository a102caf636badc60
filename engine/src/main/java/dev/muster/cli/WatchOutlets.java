package dev.muster.cli;

import dev.muster.drift.DriftReport;
import dev.muster.problem.MusterException;
import dev.muster.report.Clean;
import dev.muster.report.DriftOutcome;
import dev.muster.report.WatchRendering;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Model.CommandSpec;

/** Where a watch tells what it sees: stdout, files that are kept current, and whom to notify. */
final class WatchOutlets implements AutoCloseable {
  /** What is under way at the end has this long. */
  private static final int FAREWELL_SECONDS = 10;

  private final CommandSpec spec;
  private final WatchRendering rendering;
  private final Clean clean;
  private final ReportOptions reports;
  private final NotifyOptions notification;
  private final Optional<NotifyOptions.Ready> ready;
  private final AtomicReference<Optional<DriftOutcome>> toSend =
      new AtomicReference<>(Optional.empty());
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "muster-notify");
            thread.setDaemon(true);
            return thread;
          });

  WatchOutlets(
      CommandSpec spec,
      WatchRendering rendering,
      Clean clean,
      ReportOptions reports,
      NotifyOptions notification,
      Optional<NotifyOptions.Ready> ready) {
    this.spec = spec;
    this.rendering = rendering;
    this.clean = clean;
    this.reports = reports;
    this.notification = notification;
    this.ready = ready;
  }

  WatchRendering rendering() {
    return rendering;
  }

  /** Prints; whether anybody still reads it. */
  boolean print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    return !out.checkError();
  }

  /** Brings files and receivers up to what stands now. */
  void update(DriftReport report, ExitCode exit) {
    DriftOutcome outcome = new DriftOutcome(report, exit.code(), report.expiring());
    try {
      reports.write(outcome, clean);
    } catch (MusterException e) {
      PrintWriter err = spec.commandLine().getErr();
      e.problems().forEach(problem -> err.println("warning: " + clean.line(problem.message())));
      err.flush();
    }
    if (ready.isPresent() && toSend.getAndSet(Optional.of(outcome)).isEmpty()) {
      sender.execute(() -> send(ready.get()));
    }
  }

  /** What has been overtaken meanwhile is not sent. */
  private void send(NotifyOptions.Ready to) {
    toSend.getAndSet(Optional.empty()).ifPresent(outcome -> notification.send(to, outcome, clean));
  }

  @Override
  public void close() {
    sender.shutdown();
    try {
      if (!sender.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
        sender.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      sender.shutdownNow();
    }
  }
}
