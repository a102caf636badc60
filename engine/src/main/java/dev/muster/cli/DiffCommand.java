package dev.muster.cli;

import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.records.Archive;
import dev.muster.records.Difference;
import dev.muster.records.RecordJson;
import dev.muster.records.RecordText;
import dev.muster.report.Clean;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description = {
      "Shows what differs between two runs: the topologies, and the declared fields as the runs left them; needs no cluster.",
      "With one run, what the topology file says otherwise now."
    },
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private OutputOptions output;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "A run id or commit, or the beginning of one.")
  private String before;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RUN",
      description = "Another one (default: the topology file as it is now).")
  private String after = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Loader.Loaded loaded = files.load(SecretSources.Extent.NONE);
    try (GitHistory history = HistoryCommand.open(loaded)) {
      Archive archive = new Archive(history);
      RunEntry first = archive.run(before);
      Difference difference =
          after.isEmpty()
              ? Difference.of(
                  archive,
                  first,
                  loaded.file().getFileName().toString(),
                  loaded.topologyText(),
                  loaded.planText())
              : Difference.of(archive, first, archive.run(after));
      Clean clean = new Clean(top.redactor());
      out.print(
          output.json()
              ? new RecordJson(history, clean).difference(difference).toPrettyString() + "\n"
              : new RecordText(top.style(), clean)
                  .difference(
                      difference,
                      after.isEmpty()
                          ? loaded.file().toString()
                          : "run " + archive.run(after).runId()));
    }
    return ExitCode.OK.code();
  }
}
