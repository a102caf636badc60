package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Selection;
import dev.muster.drift.DriftReport;
import dev.muster.report.DriftJson;
import dev.muster.report.DriftText;
import dev.muster.session.Loader;
import dev.muster.session.Session;
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
    name = "drift",
    description = "Compares live with declared; exits with 2 when they differ. Writes nothing.",
    mixinStandardHelpOptions = true)
final class DriftCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private OutputOptions output;
  @Mixin private SelectionOptions selection;

  @Option(
      names = "--expiring",
      paramLabel = "TIME",
      description =
          "Tell what runs out within this time too, such as 30d or 12h; what has run out is always told.")
  private String expiring = "";

  @Override
  public Integer call() {
    Duration within = within();
    Loader.Loaded loaded = files.load();
    try (Session session = Session.open(loaded, top.redactor())) {
      Selection selected = selection.selection(loaded.topology(), loaded.plan());
      ChangeSet changeSet = session.plan(selected);
      DriftReport report = session.drift(changeSet, within);
      String text =
          output.json()
              ? new DriftJson(session.clean()).render(report)
              : new DriftText(session.clean(), top.style()).render(report);
      spec.commandLine().getOut().print(text);
      if (!output.json()) {
        CourierNotes.toDo(changeSet, false).forEach(spec.commandLine().getOut()::println);
      }
      return PlanCommand.exitCode(changeSet, report.calls()).code();
    }
  }

  private Duration within() {
    if (expiring.isEmpty()) {
      return Duration.ZERO;
    }
    return (expiring.matches("[0-9]{1,5}d")
            ? Optional.of(
                Duration.ofDays(Long.parseLong(expiring.substring(0, expiring.length() - 1))))
            : Durations.parse(expiring))
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--expiring takes a time such as 30d, 12h or 90m, not \"" + expiring + "\""));
  }
}
