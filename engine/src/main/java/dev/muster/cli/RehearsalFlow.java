package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.rehearsal.Performance;
import dev.muster.rehearsal.Rehearsed;
import dev.muster.session.FleetSnapshot;
import dev.muster.session.Loader;
import dev.muster.session.Pruning;
import dev.muster.session.RehearsalStage;
import dev.muster.session.Session;
import dev.muster.session.StageClusters;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** Plays a run on simulated clusters that are made of recorded ones. */
final class RehearsalFlow {
  /** A simulated program is at its end within seconds, or never. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ApplyOptions options;
  private final RehearsalReport.Outputs outputs;

  RehearsalFlow(
      MusterCommand top,
      PrintWriter out,
      PrintWriter err,
      ApplyOptions options,
      RehearsalReport.Outputs outputs) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options = options;
    this.outputs = outputs;
  }

  ExitCode run(Path file, SelectionOptions selectors) {
    RehearsalStage.Provider provider =
        ServiceLoader.load(RehearsalStage.Provider.class)
            .findFirst()
            .orElseThrow(
                () ->
                    MusterException.of(
                        "a rehearsal needs the sandbox module, which this installation lacks",
                        "use a build that has it; `muster apply --dry-run=client` works without"));
    FleetSnapshot recorded = FleetSnapshot.read(file);
    if (options.prune() && !recorded.prune()) {
      throw MusterException.of(
          "members that vanished from the topology were not recorded in " + file,
          "record them: muster plan --prune --snapshot " + file);
    }
    Performance performance = new Performance();
    PrintWriter shown = outputs.json() ? new PrintWriter(Writer.nullWriter()) : out;
    ApplyFlow flow =
        new ApplyFlow(
            top, shown, err, options.onStage(), expectation -> expectation.and(performance));
    Loader.Loaded named = flow.inWaves(recorded.load(file.toAbsolutePath()));
    couriers(named.topology());
    try (RehearsalStage stage = provider.start(recorded.fleet())) {
      Path kubeconfig = Files.createTempFile("muster-rehearsal", ".yaml");
      try {
        Files.writeString(kubeconfig, stage.kubeconfig());
        Loader.Loaded loaded =
            recorded.prune() ? Pruning.pruned(named, session(named, kubeconfig, recorded)) : named;
        try (Session session = session(loaded, kubeconfig, recorded)) {
          return play(session, flow, performance, recorded, stage, selectors);
        }
      } finally {
        Files.deleteIfExists(kubeconfig);
      }
    } catch (IOException e) {
      throw MusterException.of("the rehearsal cannot be prepared: " + e.getMessage());
    }
  }

  private Session session(Loader.Loaded loaded, Path kubeconfig, FleetSnapshot recorded) {
    return Session.open(loaded, top.redactor())
        .through(real -> new StageClusters(kubeconfig, recorded.doors()));
  }

  /** What happens where a bundle is carried is not seen from here. */
  private static void couriers(Topology topology) {
    List<String> names =
        topology.members().stream()
            .filter(ClusterDeclaration::courier)
            .map(ClusterDeclaration::name)
            .toList();
    if (!names.isEmpty()) {
      throw MusterException.of(
          "a member that is reached by courier cannot be played: " + String.join(", ", names),
          "what is to be done there is in its bundle: muster plan --for MEMBER --bundle FILE");
    }
  }

  private ExitCode play(
      Session session,
      ApplyFlow flow,
      Performance performance,
      FleetSnapshot recorded,
      RehearsalStage stage,
      SelectionOptions selectors) {
    ChangeSet start =
        session.plan(
            selectors.selection(session.topology(), session.planFile()), options.maxRemove());
    RehearsalReport report =
        new RehearsalReport(
            recorded.recorded(),
            stage.assumptions(),
            differences(recorded.planned(), start),
            outputs,
            session.clean(),
            top.style());
    if (!outputs.json()) {
      out.print(report.head());
      out.flush();
    }
    ExitCode code = flow.run(session, selectors);
    ChangeSet performed = start.withSteps(performance.steps());
    outputs
        .rehearsal()
        .ifPresent(to -> FleetSnapshot.saveRehearsal(to, recorded, performed.steps()));
    RehearsalReport.Played played =
        new RehearsalReport.Played(code, start, performed, finals(session, performed));
    report.write(played);
    out.print(outputs.json() ? report.json(played) + "\n" : report.text(played));
    out.flush();
    return code;
  }

  /** What makes the play begin otherwise than the real run would have. */
  private static List<String> differences(Rehearsed planned, ChangeSet start) {
    List<String> differences = new ArrayList<>();
    for (StepPlan step : start.steps()) {
      planned
          .deviation(step)
          .ifPresent(
              deviation ->
                  differences.add(
                      "step "
                          + step.step().id()
                          + ": "
                          + deviation.ref()
                          + (deviation.path().isEmpty() ? "" : " " + deviation.path())
                          + ", recorded "
                          + deviation.rehearsed()
                          + ", played "
                          + deviation.now()));
    }
    // What the command line leaves out now is no difference.
    Set<String> looked =
        start.steps().stream()
            .filter(step -> step.decision() != StepPlan.Decision.EXCLUDED)
            .map(step -> step.step().id())
            .collect(Collectors.toSet());
    planned
        .among(looked)
        .missingFrom(Rehearsed.of(start.steps()))
        .forEach(text -> differences.add(text + " was to be written, and is not"));
    return differences;
  }

  private static List<RehearsalReport.Final> finals(Session session, ChangeSet performed) {
    Map<String, RehearsalReport.Final> finals = new LinkedHashMap<>();
    for (StepPlan step : performed.steps()) {
      ClusterDeclaration cluster = step.step().cluster();
      for (Change change : step.effective()) {
        finals.computeIfAbsent(
            cluster.name() + change.ref().path(),
            key -> {
              Reading reading = session.clusters().open(cluster).read(change.ref());
              return new RehearsalReport.Final(
                  cluster.name(),
                  change.ref(),
                  reading.found().map(LiveObject::tree).map(RehearsalFlow::slim));
            });
      }
    }
    return List.copyOf(finals.values());
  }

  private static JsonNode slim(JsonNode tree) {
    ObjectNode copy = tree.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return copy;
  }

  /** Real time limits are for programs that take their time. */
  static Topology capped(Plan plan, Topology topology) {
    Map<String, Duration> limits = new LinkedHashMap<>(topology.timeouts());
    plan.gates().values().forEach(gate -> limits.put(gate.timeoutKey(), LONGEST));
    return topology.withTimeouts(limits);
  }
}
