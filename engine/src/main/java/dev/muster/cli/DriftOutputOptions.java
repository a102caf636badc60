package dev.muster.cli;

import dev.muster.report.Clean;
import dev.muster.report.DriftFormat;
import dev.muster.report.DriftOutcome;
import dev.muster.report.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where drift goes: one form of it to stdout, any number of them to files. */
final class DriftOutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private DriftFormat format;

  @Mixin private ReportOptions reports;

  boolean text() {
    return format == DriftFormat.text;
  }

  /** Whether nothing but text for people is asked for. */
  boolean plain() {
    return text() && reports.none();
  }

  void check() {
    reports.check();
  }

  void print(DriftOutcome outcome, Clean clean, Style style) {
    spec.commandLine().getOut().print(format.render(outcome, clean, style, ""));
    spec.commandLine().getOut().flush();
  }

  void write(DriftOutcome outcome, Clean clean) {
    reports.write(outcome, clean);
  }
}
