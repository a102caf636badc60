package dev.muster.cli;

import dev.muster.report.Clean;
import dev.muster.report.WatchEvents;
import dev.muster.report.WatchRendering;
import dev.muster.report.WatchText;
import dev.muster.topology.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "watch",
    description = {
      "Tells drift as it comes and goes, until it is ended. Looks once as drift does, and then holds watches on what the plan reads. Writes nothing.",
      "A changed topology file is read again. Ends with 130 at Ctrl-C, with 143 at SIGTERM, and after --for as drift would."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
  private enum Format {
    text,
    ndjson
  }

  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private SelectionOptions selection;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Mixin private ReportOptions reports;
  @Mixin private NotifyOptions notification;

  @Option(names = "--expiring", paramLabel = "TIME", description = ExpiringTime.DESCRIPTION)
  private String expiring = "";

  @Option(
      names = "--resync",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "Ask anew this often what cannot be watched: logs, and what is read through a tunnel or with a login of its own (default: ${DEFAULT-VALUE}).")
  private String resync;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "End after this time, such as 30m or 8h (default: never).")
  private Optional<String> length = Optional.empty();

  @Override
  public Integer call() {
    Duration within = ExpiringTime.parse(spec, expiring);
    Optional<Duration> end = length.map(text -> time("--for", text));
    Duration every = time("--resync", resync);
    reports.check();
    Optional<NotifyOptions.Ready> ready = notification.ready(top.redactor());
    Clean clean = new Clean(top.redactor());
    WatchRendering rendering =
        format == Format.ndjson ? new WatchEvents(clean) : new WatchText(clean, top.style());
    try (WatchOutlets outlets =
        new WatchOutlets(spec, rendering, clean, reports, notification, ready)) {
      return new WatchFlow(top, files, selection, within, every, end, outlets).run().code();
    }
  }

  private Duration time(String option, String text) {
    return Durations.parse(text)
        .filter(time -> !time.isZero())
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    option + " takes a time such as 30m or 8h, not \"" + text + "\""));
  }
}
