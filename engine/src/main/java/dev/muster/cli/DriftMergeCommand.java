package dev.muster.cli;

import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Merging;
import dev.muster.drift.ShardReport;
import dev.muster.problem.MusterException;
import dev.muster.report.Clean;
import dev.muster.report.DriftOutcome;
import dev.muster.report.ShardJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "merge",
    description =
        "Puts the reports of all shards together; says and exits with what one drift of the whole fleet would have.",
    mixinStandardHelpOptions = true)
final class DriftMergeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DriftOutputOptions output;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "What `muster drift --shard K/N -o json` printed, a file for each shard.")
  private List<Path> files = new ArrayList<>();

  @Override
  public Integer call() {
    output.check();
    MusterCommand top = (MusterCommand) spec.root().userObject();
    List<ShardReport> parts =
        files.stream().map(file -> ShardJson.read(file.toString(), text(file))).toList();
    DriftReport report = Merging.merge(parts);
    Clean clean = new Clean(top.redactor());
    List<Integer> codes = parts.stream().map(ShardReport::exitCode).toList();
    int code =
        ExitCode.first(
                Arrays.stream(ExitCode.values()).filter(c -> codes.contains(c.code())).toList())
            .code();
    DriftOutcome outcome = new DriftOutcome(report, code, report.expiring());
    output.print(outcome, clean, top.style());
    output.write(outcome, clean);
    return code;
  }

  private static String text(Path file) {
    try {
      return BoundedFile.text(file, Bounds.RECORDED);
    } catch (BoundedFile.TooLarge e) {
      throw MusterException.of(file + " " + e.getMessage() + "; it is no report of a shard");
    } catch (IOException e) {
      throw MusterException.of("cannot read " + file + ": " + e.getClass().getSimpleName());
    }
  }
}
