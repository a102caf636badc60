package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
import dev.muster.report.Table;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "history",
    description = "Lists the runs that the topology's repository remembers; needs no cluster.",
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private OutputOptions output;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many, the newest first (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (GitHistory history = open(files.load(SecretSources.Extent.NONE))) {
      List<RunEntry> runs = history.runs(limit);
      if (output.json()) {
        out.println(json(runs).toPrettyString());
        return ExitCode.OK.code();
      }
      if (runs.isEmpty()) {
        out.println("no run is recorded on branch " + history.branch() + " yet");
      }
      List<List<String>> rows = new ArrayList<>();
      for (RunEntry run : runs) {
        rows.add(
            List.of(
                run.runId(),
                run.time().toString().substring(0, 16).replace('T', ' '),
                run.author().replaceAll("\\s*<.*>", ""),
                run.trailers().getOrDefault("Result", ""),
                run.summary()));
      }
      if (!rows.isEmpty()) {
        out.print(Table.of(List.of("RUN", "TIME (UTC)", "BY", "RESULT", "WHAT"), rows));
      }
    }
    return ExitCode.OK.code();
  }

  private static ArrayNode json(List<RunEntry> runs) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (RunEntry run : runs) {
      ObjectNode node = array.addObject();
      node.put("runId", run.runId()).put("commit", run.commit());
      node.put("time", run.time().toString()).put("author", run.author());
      node.put("summary", run.summary());
      ObjectNode trailers = node.putObject("trailers");
      run.trailers().forEach(trailers::put);
    }
    return array;
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
