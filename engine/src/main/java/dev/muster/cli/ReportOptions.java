package dev.muster.cli;

import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Suggestion;
import dev.muster.report.Clean;
import dev.muster.report.DriftFormat;
import dev.muster.report.DriftOutcome;
import dev.muster.report.Style;
import dev.muster.session.WholeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Files that are written beside what is printed. */
final class ReportOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--report",
      paramLabel = "FORMAT=FILE",
      description =
          "Write a file too, in any of the formats; as a whole or not at all. Can be given several times.")
  private List<String> reports = List.of();

  /** One file to write. */
  private record Report(DriftFormat format, Path file) {}

  boolean none() {
    return reports.isEmpty();
  }

  /** The files, in the order of the command line; a wrong one is told before anything is read. */
  void check() {
    parsed();
  }

  private List<Report> parsed() {
    List<Report> parsed = new ArrayList<>();
    List<String> names = Stream.of(DriftFormat.values()).map(DriftFormat::name).toList();
    for (String report : reports) {
      int equals = report.indexOf('=');
      String name = equals < 0 ? report : report.substring(0, equals);
      if (equals < 0 || equals == report.length() - 1) {
        throw new ParameterException(
            spec.commandLine(), "--report takes FORMAT=FILE, not \"" + report + "\"");
      }
      if (!names.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--report has no format \""
                + name
                + "\"; "
                + Suggestion.closest(name, names)
                    .map(close -> "did you mean " + close + "?")
                    .orElse("use one of: " + String.join(", ", names)));
      }
      Path file = Path.of(report.substring(equals + 1));
      if (parsed.stream().anyMatch(other -> same(other.file(), file))) {
        throw new ParameterException(spec.commandLine(), "--report names " + file + " twice");
      }
      parsed.add(new Report(DriftFormat.valueOf(name), file));
    }
    return parsed;
  }

  private static boolean same(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  /**
   * Writes every file that can be written.
   *
   * @throws MusterException afterwards, with what is wrong with the others
   */
  void write(DriftOutcome outcome, Clean clean) {
    List<Problem> problems = new ArrayList<>();
    for (Report report : parsed()) {
      try {
        String former =
            report.format() == DriftFormat.prometheus ? WholeFile.former(report.file()) : "";
        WholeFile.kept(report.file(), report.format().render(outcome, clean, Style.PLAIN, former));
      } catch (MusterException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new MusterException(problems);
    }
  }
}
