package dev.muster.cli;

import dev.muster.session.Migration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "migrate",
    description =
        "Writes files of an older apiVersion anew in the newest one; comments and every other byte stay.",
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Plan files; others are looked at.")
  private List<Path> files = List.of();

  @Option(names = "--dry-run", description = "Show what would be written, and write nothing.")
  private boolean dry;

  @Override
  public Integer call() {
    List<Migration> all = files.stream().map(Migration::of).toList();
    PrintWriter out = spec.commandLine().getOut();
    for (Migration migration : all) {
      if (!migration.due()) {
        out.println(migration.file() + ": " + migration.from() + ", the newest");
        continue;
      }
      if (dry) {
        out.print(top.clean(migration.difference()));
        continue;
      }
      migration.write();
      out.println(
          migration.file()
              + ": "
              + migration.from()
              + " -> "
              + migration.to()
              + ", "
              + migration.words()
              + (migration.words() == 1 ? " word" : " words"));
    }
    return ExitCode.OK.code();
  }
}
