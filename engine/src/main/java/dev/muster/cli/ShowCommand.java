package dev.muster.cli;

import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
import dev.muster.records.Archive;
import dev.muster.records.RecordJson;
import dev.muster.records.RecordText;
import dev.muster.report.Clean;
import dev.muster.session.SecretSources;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    description = "Shows what one run was to do and did; needs no cluster.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "A run id or commit, or the beginning of one (default: the latest run).")
  private String run = "";

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Print one file of the record, for example result.json.")
  private String path = "";

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (GitHistory history = HistoryCommand.open(files.load(SecretSources.Extent.NONE))) {
      Archive archive = new Archive(history);
      RunEntry entry = archive.run(run);
      Clean clean = new Clean(top.redactor());
      if (!path.isEmpty()) {
        Map<String, String> paths = history.paths(entry);
        if (!paths.containsKey(path)) {
          throw MusterException.of(
              "the record has no file " + path, "it has: " + String.join(", ", paths.keySet()));
        }
        out.print(history.file(entry, path).orElse(""));
      } else if (output.json()) {
        out.println(new RecordJson(history, clean).show(archive.details(entry)).toPrettyString());
      } else {
        out.print(new RecordText(top.style(), clean).show(history, archive.details(entry)));
        out.println();
        out.println("files of the record, for --path:");
        history.paths(entry).keySet().forEach(name -> out.println("  " + name));
      }
    }
    return ExitCode.OK.code();
  }
}
