package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.Inspector;
import dev.muster.changes.Selection;
import dev.muster.changes.StepPlan;
import dev.muster.expression.Template;
import dev.muster.gate.Cause;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Probe;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.report.Clean;
import dev.muster.session.FleetSnapshot;
import dev.muster.session.Loader;
import dev.muster.session.Session;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.trial.RecordedFleet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "why",
    description =
        "Explains what is being waited for, or broken, down to the cause and the next command.",
    mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Parameters(
      arity = "0..1",
      paramLabel = "MEMBER",
      description = "Only this member, and the host (default: all).")
  private Optional<String> member = Optional.empty();

  @Option(
      names = "--trace",
      paramLabel = "STEP",
      description =
          "Instead, evaluate each term of this step's expressions and of its gate, and show the values as a tree, sensitive ones masked.")
  private Optional<String> trace = Optional.empty();

  @Option(
      names = "--offline",
      paramLabel = "SNAPSHOT",
      description =
          "With --trace: of the fleet as plan --snapshot recorded it, without its logs and tunnels. Asks no cluster.")
  private Optional<Path> offline = Optional.empty();

  @Override
  public Integer call() {
    if (offline.isPresent() && trace.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--offline goes with --trace");
    }
    Optional<FleetSnapshot> recorded = offline.map(FleetSnapshot::read);
    Loader.Loaded loaded =
        recorded
            .map(snapshot -> snapshot.load(offline.orElseThrow().toAbsolutePath()))
            .orElseGet(files::load);
    member.ifPresent(name -> member(loaded, name));
    PrintWriter out = spec.commandLine().getOut();
    if (trace.isPresent()) {
      Instant since = Instant.now().minusSeconds(600);
      try (Session session = open(loaded, recorded)) {
        return new TraceFlow(top, out).run(session, trace.get(), member, since).code();
      }
    }
    try (Session session = Session.open(loaded, top.redactor())) {
      ChangeSet changeSet = session.plan(Selection.everything());
      Inspector inspector = session.inspector(Instant.now().minusSeconds(600));
      boolean anything = false;
      for (ClusterState state : changeSet.clusters()) {
        ClusterDeclaration cluster = state.cluster();
        if (!cluster.host() && member.isPresent() && !member.get().equals(cluster.name())) {
          continue;
        }
        anything |= explain(session, inspector, changeSet, state, out);
        out.flush();
      }
      if (!anything) {
        out.println("nothing is being waited for, and nothing is broken");
      }
      return PlanCommand.exitCode(changeSet, false).code();
    }
  }

  private Session open(Loader.Loaded loaded, Optional<FleetSnapshot> recorded) {
    return recorded
        .map(
            snapshot ->
                Session.on(loaded, top.redactor(), new RecordedFleet(snapshot, loaded.plan())))
        .orElseGet(() -> Session.open(loaded, top.redactor()));
  }

  static void member(Loader.Loaded loaded, String name) {
    List<String> names =
        loaded.topology().members().stream().map(ClusterDeclaration::name).toList();
    if (!names.contains(name)) {
      throw MusterException.of(
          "no member is called \"" + name + "\"",
          Suggestion.closest(name, names)
              .map(close -> "did you mean " + close + "?")
              .orElse("the members are: " + String.join(", ", names)));
    }
  }

  /** Tells of the first step of a cluster that is not done; those behind it wait for it. */
  private boolean explain(
      Session session,
      Inspector inspector,
      ChangeSet changeSet,
      ClusterState state,
      PrintWriter out) {
    Clean clean = session.clean();
    String name = (state.cluster().host() ? "host " : "member ") + state.cluster().name();
    if (state.failure().isPresent()) {
      out.println(
          name + ": " + (state.cluster().courier() ? "" : "it ") + clean.line(state.obstacle()));
      out.println(
          "  next: "
              + (state.cluster().courier()
                  ? CourierNotes.next(state.cluster(), false)
                  : "kubectl --context " + state.cluster().access().context() + " version"));
      return true;
    }
    for (StepPlan step : changeSet.steps()) {
      if (!step.step().subject().name().equals(state.cluster().name())) {
        continue;
      }
      switch (step.decision()) {
        case REFUSED, FAILED -> {
          for (var problem : step.problems()) {
            out.println(name + ": step " + step.step().id() + ": " + clean.line(problem.message()));
            problem.hints().forEach(hint -> out.println("  next: " + clean.line(hint)));
          }
          return true;
        }
        case SKIPPED -> {
          out.println(
              name + ": step " + step.step().id() + " is left out, " + clean.line(step.reason()));
          return true;
        }
        case RUN -> {
          run(session, inspector, step, name, out);
          return true;
        }
        case DEFERRED -> {
          if (state.cluster().courier()) {
            out.println(
                name + ": step " + step.step().id() + ": " + session.clean().line(step.reason()));
            out.println("  next: " + CourierNotes.next(state.cluster(), false));
            return true;
          }
        }
        default -> {}
      }
    }
    return proof(session, inspector, changeSet, state, name, out);
  }

  private void run(
      Session session, Inspector inspector, StepPlan step, String name, PrintWriter out) {
    Clean clean = session.clean();
    if (!step.effective().isEmpty()) {
      out.println(
          name
              + ": step "
              + step.step().id()
              + " ("
              + step.step().spec().title()
              + ") is not done, it has "
              + step.effective().size()
              + " to change");
      out.println("  next: muster plan, then muster apply");
      return;
    }
    GateStatus status = step.gate().orElseThrow();
    GateSpec gate = session.planFile().gate(step.step().spec()).orElseThrow();
    String why = status instanceof GateStatus.Waiting waiting ? waiting.why() : "";
    out.println(
        name
            + ": gate "
            + gate.name()
            + " of step "
            + step.step().id()
            + " is closed: "
            + clean.line(why));
    cause(inspector, step, gate, clean, out);
  }

  private static void cause(
      Inspector inspector, StepPlan step, GateSpec gate, Clean clean, PrintWriter out) {
    List<Template> templates = new ArrayList<>();
    List<Probe> probes = new ArrayList<>(gate.failed());
    probes.addAll(gate.why());
    probes.forEach(probe -> templates.addAll(probe.templates()));
    inspector.read(step.step(), templates);
    GateCheck check = new GateCheck(gate, template -> inspector.evaluate(step.step(), template));
    Optional<Cause> cause = check.failed().or(check::why);
    cause.ifPresent(
        found -> {
          out.println("  cause: " + clean.line(found.text()));
          out.println("  next: " + clean.line(found.next()));
        });
  }

  /** All looks well: ask for the proofs that only a run asks for. */
  private boolean proof(
      Session session,
      Inspector inspector,
      ChangeSet changeSet,
      ClusterState state,
      String name,
      PrintWriter out) {
    boolean anything = false;
    for (StepPlan step : changeSet.steps()) {
      Optional<String> unproven =
          step.step().subject().name().equals(state.cluster().name())
              ? inspector.unproven(step)
              : Optional.empty();
      if (unproven.isPresent()) {
        out.println(
            name + ": all conditions look well, but " + session.clean().line(unproven.get()));
        GateSpec gate = session.planFile().gate(step.step().spec()).orElseThrow();
        cause(inspector, step, gate, session.clean(), out);
        anything = true;
      }
    }
    return anything;
  }
}
