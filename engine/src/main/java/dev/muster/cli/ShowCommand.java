package dev.muster.cli;

import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
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

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (GitHistory history = HistoryCommand.open(files.load(SecretSources.Extent.NONE))) {
      RunEntry entry =
          (run.isEmpty() ? history.latest() : history.run(run))
              .orElseThrow(
                  () ->
                      MusterException.of(
                          run.isEmpty()
                              ? "no run is recorded yet"
                              : "no run is called \"" + run + "\"",
                          "muster history lists them"));
      Map<String, String> record = history.files(entry);
      if (!path.isEmpty()) {
        String text = record.get(path);
        if (text == null) {
          throw MusterException.of(
              "the record has no file " + path, "it has: " + String.join(", ", record.keySet()));
        }
        out.print(text);
        return ExitCode.OK.code();
      }
      out.println("run " + entry.runId() + ", commit " + entry.commit());
      out.println(entry.time() + " by " + entry.author());
      out.println();
      out.println("    " + entry.summary());
      entry.trailers().forEach((key, value) -> out.println("    " + key + ": " + value));
      out.println();
      out.print(record.getOrDefault("result.json", ""));
      out.println();
      record.keySet().forEach(name -> out.println("  --path " + name));
    }
    return ExitCode.OK.code();
  }
}
