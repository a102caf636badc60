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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  /** So many files are told by their folders only. */
  private static final int MANY = 40;

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
      description =
          "Print one file of the record, for example result.json; with / at its end, what is in a folder.")
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
        if (path.endsWith("/") && paths.keySet().stream().anyMatch(p -> p.startsWith(path))) {
          list(paths.keySet(), path, out);
          return ExitCode.OK.code();
        }
        if (!paths.containsKey(path)) {
          throw MusterException.of(
              "the record has no " + (path.endsWith("/") ? "folder " : "file ") + path,
              "it has: " + String.join(", ", listed(paths.keySet(), "")));
        }
        out.print(history.file(entry, path).orElse(""));
      } else if (output.json()) {
        out.println(new RecordJson(history, clean).show(archive.details(entry)).toPrettyString());
      } else {
        out.print(new RecordText(top.style(), clean).show(history, archive.details(entry)));
        out.println();
        out.println("files of the record, for --path:");
        list(history.paths(entry).keySet(), "", out);
      }
    }
    return ExitCode.OK.code();
  }

  private static void list(Set<String> paths, String folder, PrintWriter out) {
    listed(paths, folder).forEach(name -> out.println("  " + name));
  }

  /** What is in a folder: file by file, or, where that would be many, one folder below a line. */
  private static List<String> listed(Set<String> paths, String folder) {
    List<String> inside = paths.stream().filter(path -> path.startsWith(folder)).toList();
    if (inside.size() <= MANY) {
      return inside;
    }
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (String path : inside) {
      int end = path.indexOf('/', folder.length());
      lines.merge(end < 0 ? path : path.substring(0, end + 1), 1, Integer::sum);
    }
    return lines.entrySet().stream()
        .map(e -> e.getKey() + (e.getKey().endsWith("/") ? " (" + files(e.getValue()) + ")" : ""))
        .toList();
  }

  private static String files(int count) {
    return count + (count == 1 ? " file" : " files");
  }
}
