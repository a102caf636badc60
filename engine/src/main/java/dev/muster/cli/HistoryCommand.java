package dev.muster.cli;

import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.records.Archive;
import dev.muster.records.RecordJson;
import dev.muster.records.RecordText;
import dev.muster.records.RunFilter;
import dev.muster.report.Clean;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.topology.Durations;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
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
    name = "history",
    description = {
      "Lists the runs that the topology's repository remembers, the newest first; needs no cluster.",
      "A run id tells when it began. FROM is the commit of the topology, with a star where the file was not as committed."
    },
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private OutputOptions output;
  @Mixin private FetchOption fetching;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many that ended (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Not older: 2026-11-25, 2026-11-25T09:00:00Z, or 7d ago.")
  private Optional<String> since;

  @Option(names = "--until", paramLabel = "TIME", description = "Not newer; written like --since.")
  private Optional<String> until;

  @Option(names = "--by", paramLabel = "TEXT", description = "Part of a name or an address.")
  private Optional<String> by;

  @Option(
      names = "--result",
      paramLabel = "RESULT",
      description = "done, partial, interrupted or open.")
  private Optional<String> result;

  @Option(
      names = {"--cluster", "--member"},
      paramLabel = "NAME",
      description = "Runs that had work in or about this cluster.")
  private Optional<String> cluster;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "Runs in which this step had work, with or without its member.")
  private Optional<String> step;

  @Option(
      names = {"--field", "--path"},
      paramLabel = "TEXT",
      description = "Runs that were to write a field whose name has this in it.")
  private Optional<String> field;

  @Option(
      names = "--commit",
      paramLabel = "ID",
      description = "The beginning of a commit, of a topology or of a record.")
  private Optional<String> commit;

  @Override
  public Integer call() {
    result.filter(word -> !RunFilter.RESULTS.contains(word)).ifPresent(this::noResult);
    RunFilter filter =
        new RunFilter(
            since.map(text -> time("--since", text)),
            until.map(text -> time("--until", text)),
            by,
            result,
            cluster,
            step,
            field,
            commit);
    PrintWriter out = spec.commandLine().getOut();
    try (GitHistory history = open(files.load(SecretSources.Extent.NONE))) {
      fetching.fetch(history, spec, top);
      List<RunEntry> runs = filter.of(new Archive(history), limit);
      Clean clean = new Clean(top.redactor());
      if (output.json()) {
        out.println(new RecordJson(history, clean).runs(runs).toPrettyString());
      } else if (runs.isEmpty()) {
        out.println(
            history.latest().isEmpty()
                ? "no run is recorded on branch " + history.branch() + " yet"
                : "no run on branch " + history.branch() + " is like that");
      } else {
        out.print(new RecordText(top.style(), clean).table(runs));
      }
    }
    return ExitCode.OK.code();
  }

  private void noResult(String word) {
    throw new ParameterException(
        spec.commandLine(),
        "no run ends with \""
            + word
            + "\""
            + Suggestion.closest(word, RunFilter.RESULTS)
                .map(close -> "; did you mean " + close + "?")
                .orElse("; use one of: " + String.join(", ", RunFilter.RESULTS)));
  }

  private Instant time(String option, String text) {
    try {
      return Durations.parse(text.replaceFirst("\\s*ago$", ""))
          .map(ago -> Instant.now().minus(ago))
          .orElseGet(
              () ->
                  text.length() == 10
                      ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                      : Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(), option + " takes 2026-11-25, 2026-11-25T09:00:00Z or 7d");
    }
  }

  static GitHistory open(Loader.Loaded loaded) {
    return GitHistory.find(loaded.file(), loaded.topology().name())
        .orElseThrow(
            () ->
                MusterException.of(
                    loaded.file() + " is in no git repository, so nothing is remembered",
                    "git init, and commit the topology"));
  }
}
