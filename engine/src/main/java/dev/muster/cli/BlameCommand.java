package dev.muster.cli;

import dev.muster.history.GitHistory;
import dev.muster.records.Archive;
import dev.muster.records.Blame;
import dev.muster.records.RecordJson;
import dev.muster.records.RecordText;
import dev.muster.report.Clean;
import dev.muster.session.SecretSources;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "blame",
    description = {
      "Says which run gave a field its value: who ran it, from which commit of the topology, from what to what; needs no cluster.",
      "For a cluster or an object it lists all declared fields, each with its run."
    },
    mixinStandardHelpOptions = true)
final class BlameCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private OutputOptions output;
  @Mixin private FetchOption fetching;

  @Parameters(
      paramLabel = "FIELD",
      description =
          "CLUSTER:KIND/NAME:PATH or an end of it that fits one field, such as spec.enable; a key of the topology, such as spec.host.name; a CLUSTER, or KIND/NAME.")
  private String field;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (GitHistory history = HistoryCommand.open(files.load(SecretSources.Extent.NONE))) {
      fetching.fetch(history, spec, top);
      List<Blame.History> found = new Blame(new Archive(history)).of(field);
      Clean clean = new Clean(top.redactor());
      if (output.json()) {
        out.println(new RecordJson(history, clean).blame(found).toPrettyString());
      } else {
        RecordText text = new RecordText(top.style(), clean);
        out.print(found.size() == 1 ? text.blame(history, found.get(0)) : text.blame(found));
      }
    }
    return ExitCode.OK.code();
  }
}
