package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.diff.Fingerprint;
import dev.muster.session.FirstUse;
import dev.muster.session.Loader;
import dev.muster.session.Packing;
import dev.muster.session.PlanRendering;
import dev.muster.session.Pruning;
import dev.muster.session.Rotations;
import dev.muster.session.SavedChangeSet;
import dev.muster.session.Session;
import dev.muster.session.SnapshotRecorder;
import dev.muster.topology.Durations;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "plan",
    description = "Shows what apply would do, field by field; writes nothing to a cluster.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private SelectionOptions selection;
  @Mixin private RemovalOptions removals;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private PlanRendering format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Save the change set, free of secrets, for: muster apply FILE")
  private Optional<Path> save;

  @Option(
      names = "--snapshot",
      paramLabel = "FILE",
      description =
          "Save the live objects that were read, secrets disguised, for: muster apply --dry-run --offline FILE")
  private Optional<Path> snapshot;

  @Option(
      names = "--for",
      paramLabel = "MEMBER",
      description = "With --bundle: the member that is reached by courier.")
  private Optional<String> member;

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "Pack what one member needs into a sealed file, for: muster apply FILE")
  private Optional<Path> bundle;

  @Option(
      names = "--expires",
      paramLabel = "DURATION",
      defaultValue = "24h",
      description = "How long the bundle may be used (default: ${DEFAULT-VALUE}).")
  private String expires;

  @Option(names = "--detailed-exitcode", description = "Exit with 2 when there is something to do.")
  private boolean detailed;

  @Override
  public Integer call() {
    if (member.isPresent() != bundle.isPresent()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--for and --bundle belong together");
    }
    if (bundle.isPresent() && (save.isPresent() || snapshot.isPresent())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--bundle goes with neither --out nor --snapshot");
    }
    Duration valid = validity();
    Optional<SnapshotRecorder> recorder =
        snapshot.map(file -> new SnapshotRecorder(file, removals.prune(), top.redactor()));
    Loader.Loaded named = recorder.map(r -> r.load(files.file())).orElseGet(() -> files.load());
    Loader.Loaded loaded = removals.prune() ? Pruning.pruned(named, top.redactor()) : named;
    try (Session session =
        recorder.map(r -> r.open(loaded)).orElseGet(() -> Session.open(loaded, top.redactor()))) {
      ChangeSet changeSet =
          session.plan(selection.selection(loaded.topology(), loaded.plan()), removals.max());
      Fingerprint fingerprint = Fingerprint.withNewKey(new java.security.SecureRandom());
      save.ifPresent(
          file ->
              SavedChangeSet.write(
                  file, loaded, removals.prune(), removals.max(), changeSet, fingerprint));
      PrintWriter out = spec.commandLine().getOut();
      if (bundle.isPresent()) {
        return pack(session, changeSet, fingerprint, valid).code();
      }
      if (format == PlanRendering.text) {
        loaded.notes().forEach(Notes.to(out, top)::tell);
        FirstUse.of(loaded).ifPresent(use -> out.print(top.clean(use.told())));
      }
      if (format == PlanRendering.markdown) {
        FirstUse.of(loaded)
            .ifPresent(use -> out.print("```text\n" + top.clean(use.told()).strip() + "\n```\n\n"));
      }
      recorder.ifPresent(r -> r.write(session, changeSet));
      out.print(format.of(session, changeSet, fingerprint, top.style()));
      if (format == PlanRendering.text) {
        new Rotations(session).told().forEach(out::println);
        CourierNotes.toDo(changeSet, removals.prune()).forEach(out::println);
      }
      out.flush();
      save.ifPresent(
          file -> {
            if (format == PlanRendering.text) {
              out.println("saved to " + file + "; apply exactly this with: muster apply " + file);
            }
          });
      recorder.ifPresent(
          r -> {
            if (format == PlanRendering.text) {
              out.println(
                  "recorded in "
                      + r.file()
                      + "; play it with: muster apply --dry-run --offline "
                      + r.file());
            }
          });
      return exitCode(changeSet, detailed && changeSet.hasWork()).code();
    }
  }

  /** Shows what is to be done where the member is, as far as its last receipt lets it be known. */
  private ExitCode pack(
      Session session, ChangeSet changeSet, Fingerprint fingerprint, Duration valid) {
    String name = member.orElseThrow();
    Path file = bundle.orElseThrow();
    Packing packing = new Packing(session, changeSet, top.redactor());
    Instant until = packing.write(name, file, valid);
    ChangeSet there = changeSet.there(name);
    PrintWriter out = spec.commandLine().getOut();
    boolean seen = there.clusters().stream().allMatch(state -> state.failure().isEmpty());
    if (seen || format != PlanRendering.text) {
      out.print(format.of(session, there, fingerprint, top.style()));
    } else {
      out.println(
          "no receipt of " + name + " is here yet, so what is to be changed there is seen there");
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.println("packed " + file + " for " + name + ", good until " + until);
    packing.next(name, file).forEach(err::println);
    err.flush();
    return ExitCode.OK;
  }

  private Duration validity() {
    return Durations.parse(expires)
        .orElseThrow(
            () ->
                new CommandLine.ParameterException(
                    spec.commandLine(), "--expires is no duration: " + expires));
  }

  /**
   * The exit code of a command that only looks.
   *
   * @param changes whether what it found counts as changes that are pending
   */
  static ExitCode exitCode(ChangeSet changeSet, boolean changes) {
    Set<ExitCode> causes = EnumSet.noneOf(ExitCode.class);
    if (!changeSet.refusals().isEmpty()) {
      causes.add(ExitCode.REFUSED);
    }
    if (!changeSet.failures().isEmpty()) {
      causes.add(ExitCode.ERROR);
    }
    if (changes) {
      causes.add(ExitCode.CHANGES);
    }
    if (!changeSet.deferred().isEmpty()) {
      causes.add(ExitCode.DEFERRED);
    }
    return ExitCode.first(causes);
  }
}
