package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Selection;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.DriftReport;
import dev.muster.report.DriftJson;
import dev.muster.report.DriftText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load();
    try (Session session = Session.open(loaded, top.redactor())) {
      Selection selected = selection.selection(loaded.topology(), loaded.plan());
      ChangeSet changeSet = session.plan(selected);
      DriftReport report =
          DriftReport.of(
              changeSet,
              session.inspector(java.time.Instant.now().minusSeconds(600)),
              Fingerprint.withNewKey(new java.security.SecureRandom()));
      String text =
          output.json()
              ? new DriftJson(session.clean()).render(report)
              : new DriftText(session.clean(), top.style()).render(report);
      spec.commandLine().getOut().print(text);
      return PlanCommand.exitCode(
              changeSet, !report.fields().isEmpty() || !report.closedGates().isEmpty())
          .code();
    }
  }
}
