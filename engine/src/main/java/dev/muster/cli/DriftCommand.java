package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.RefusedException;
import dev.muster.changes.Selection;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Healing;
import dev.muster.drift.Shard;
import dev.muster.drift.ShardReport;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.report.DriftOutcome;
import dev.muster.session.Acceptance;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import dev.muster.session.WholeFile;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "drift",
    description =
        "Compares live with declared; exits with 2 when they differ. Writes nothing, unless it is told to heal or to accept.",
    mixinStandardHelpOptions = true,
    subcommands = DriftMergeCommand.class)
final class DriftCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private DriftOutputOptions output;
  @Mixin private NotifyOptions notification;
  @Mixin private SelectionOptions selection;

  @Option(names = "--expiring", paramLabel = "TIME", description = ExpiringTime.DESCRIPTION)
  private String expiring = "";

  @Option(
      names = "--heal",
      description =
          "Put right what has drifted, as apply would; what is pending stays. Exits as apply does.")
  private boolean heal;

  @Option(
      names = "--accept",
      paramLabel = "PATH",
      description =
          "Write the live value of a drifted field into the topology file: CLUSTER:KIND/NAME:FIELD as drift shows it, or less of it.")
  private Optional<String> accept;

  @Mixin private RunOptions run;

  @Option(
      names = "--shard",
      paramLabel = "K/N",
      description = "Only the K-th of N parts of the fleet; `drift merge` puts the parts together.")
  private Optional<String> shard = Optional.empty();

  @Override
  public Integer call() {
    if (heal && accept.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--heal and --accept are one or the other");
    }
    if (heal) {
      return heal().code();
    }
    if (accept.isPresent()) {
      goesWith("--dry-run", "--heal");
      return accept(accept.get()).code();
    }
    goesWith("", "--heal");
    Duration within = ExpiringTime.parse(spec, expiring);
    Optional<Shard> part = shard.map(this::part);
    output.check();
    Optional<NotifyOptions.Ready> ready = notification.ready(top.redactor());
    Loader.Loaded loaded = files.load();
    try (Session session = Session.open(loaded, top.redactor())) {
      Selection selected = selection.selection(loaded.topology(), loaded.plan());
      ChangeSet changeSet =
          part.map(p -> session.plan(Sharding.of(p, selected)).about(p::has))
              .orElseGet(() -> session.plan(selected));
      DriftReport everything = session.drift(changeSet, ChronoUnit.FOREVER.getDuration());
      DriftReport report = everything.within(within);
      ExitCode exit = PlanCommand.exitCode(changeSet, report.calls());
      Optional<ShardReport> shardReport =
          part.map(p -> Sharding.report(p, loaded, changeSet, report, exit));
      DriftOutcome outcome =
          new DriftOutcome(report, exit.code(), everything.expiring(), shardReport);
      output.print(outcome, session.clean(), top.style());
      if (output.text()) {
        CourierNotes.toDo(changeSet, false).forEach(spec.commandLine().getOut()::println);
      }
      try {
        output.write(outcome, session.clean());
      } finally {
        ready.ifPresent(to -> notification.send(to, outcome, session.clean()));
      }
      return exit.code();
    }
  }

  private ExitCode accept(String name) {
    if (!expiring.isEmpty() || !output.plain() || notification.given() || shard.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--accept edits a file: it goes without --expiring, --shard, --report, --notify and -o");
    }
    if (files.committed()) {
      throw new RefusedException(
          List.of(
              Problem.error(
                  Where.nowhere(),
                  "a topology that was taken from a commit cannot be written",
                  "run it with the file in the work tree (-f FILE, without --git-ref), and commit that")));
    }
    SecretSources secrets = new SecretSources(SecretSources.Extent.ALL, top.redactor());
    Loader.Loaded loaded = files.load();
    Acceptance.Edit edit =
        new Acceptance(loaded, secrets, top.redactor())
            .find(name, selection.selection(loaded.topology(), loaded.plan()));
    PrintWriter out = spec.commandLine().getOut();
    out.print(top.clean(edit.diff()));
    if (run.dry()) {
      out.println("dry run: " + files.file() + " is as it was");
      return ExitCode.OK;
    }
    if (!Loader.read(files.file(), "topology").equals(edit.before())) {
      throw MusterException.of(
          files.file() + " has changed in the meantime", "run the same command again");
    }
    WholeFile.replace(files.file(), edit.after());
    out.println("accepted " + top.clean(edit.field()).strip() + " into " + files.file());
    return ExitCode.OK;
  }

  /**
   * Refuses options of a run where there is none.
   *
   * @param but the one that makes sense all the same
   */
  private void goesWith(String but, String run) {
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (given.userObject() instanceof Field field
          && field.getDeclaringClass().equals(RunOptions.class)
          && !given.longestName().equals(but)) {
        throw new ParameterException(
            spec.commandLine(),
            given.longestName() + " goes with " + run + ": without it nothing is run");
      }
    }
  }

  private ExitCode heal() {
    if (!expiring.isEmpty() || !output.plain() || notification.given() || shard.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--heal is a run: it goes without --expiring, --shard, --report, --notify and -o");
    }
    ApplyOptions options =
        run.options(Optional.empty(), Optional.empty(), false, Optional.empty())
            .healing(new Healing());
    return new ApplyFlow(
            top,
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            options,
            expectation -> expectation)
        .run(files.file(), selection);
  }

  private Shard part(String text) {
    return Shard.parse(text)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--shard takes a part such as 2/8, counted from 1, not \"" + text + "\""));
  }
}
