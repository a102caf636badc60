package dev.muster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.apply.Apply;
import dev.muster.apply.Bookkeeper;
import dev.muster.apply.RunEvent;
import dev.muster.apply.RunLock;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepRunner;
import dev.muster.apply.WatchingGateKeeper;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Clusters;
import dev.muster.changes.Expectation;
import dev.muster.changes.RefusedException;
import dev.muster.changes.StepPlan;
import dev.muster.courier.Bundle;
import dev.muster.courier.HereOnly;
import dev.muster.courier.Receipt;
import dev.muster.courier.RecordedCluster;
import dev.muster.courier.Recording;
import dev.muster.courier.Seal;
import dev.muster.desired.Need;
import dev.muster.diff.Fingerprint;
import dev.muster.live.Cluster;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.report.PlanText;
import dev.muster.report.RunText;
import dev.muster.topology.ClusterDeclaration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code apply BUNDLE} does on a machine that reaches one member only. */
final class CourierFlow {
  /** The options of the command that say how the member is reached and where the receipt goes. */
  record Options(
      Optional<String> sealWith,
      Optional<String> context,
      List<Path> kubeconfigs,
      Optional<Path> receipt) {
    /** For commands that take no bundle. */
    static Options none() {
      return new Options(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final MusterCommand top;
  private final PrintWriter out;
  private final Options options;

  CourierFlow(MusterCommand top, PrintWriter out, Options options) {
    this.top = top;
    this.out = out;
    this.options = options;
  }

  /**
   * @param agreed asks whether to go on
   */
  ExitCode run(Path file, String text, java.util.function.BooleanSupplier agreed) {
    Seal seal = SealKeys.of(options.sealWith(), top.redactor());
    Bundle bundle = Bundle.open(file.toString(), text, seal);
    if (Instant.now().isAfter(bundle.expires())) {
      throw new RefusedException(
          List.of(
              Problem.error(
                  Where.file(file.toString()),
                  "this bundle was good until " + bundle.expires() + ", and may be out of date",
                  "have it made anew: muster plan --for " + bundle.member() + " --bundle FILE")));
    }
    Loader.Loaded loaded = load(file, bundle);
    try (Session real = Session.open(loaded, top.redactor());
        Session session = real.through(clusters -> withHost(clusters, bundle))) {
      ChangeSet changeSet = session.plan(step -> step.cluster().name().equals(bundle.member()));
      out.print(
          new PlanText(
                  session.planFile(),
                  session.topology(),
                  Fingerprint.withNewKey(new SecureRandom()),
                  session.clean(),
                  top.style())
              .render(changeSet));
      out.flush();
      ExitCode planned = PlanCommand.exitCode(changeSet, false);
      if (planned != ExitCode.OK) {
        return planned;
      }
      if (!changeSet.hasWork()) {
        receipt(file, bundle, seal, session, changeSet, Map.of());
        return planned;
      }
      if (!agreed.getAsBoolean()) {
        return ExitCode.REFUSED;
      }
      RunReport report = perform(session, changeSet);
      Map<String, String> steps = new LinkedHashMap<>();
      report.outcomes().forEach((id, outcome) -> steps.put(id, outcome.word()));
      receipt(file, bundle, seal, session, changeSet, steps);
      return RunExit.of(report, changeSet);
    }
  }

  private static Clusters withHost(Clusters clusters, Bundle bundle) {
    return new Clusters() {
      @Override
      public Cluster open(ClusterDeclaration declaration) {
        return declaration.host()
            ? new RecordedCluster(
                declaration.name(),
                Optional.of(bundle.host()),
                "of the host only what was packed on " + bundle.made() + " is known here")
            : clusters.open(declaration);
      }

      @Override
      public Cluster behind(String name, String kubeconfig) {
        return clusters.behind(name, kubeconfig);
      }

      @Override
      public void close() {
        clusters.close();
      }
    };
  }

  /** The bundle's files are needed on the disk only until they are read. */
  private Loader.Loaded load(Path file, Bundle bundle) {
    try {
      Path folder = Files.createTempDirectory("muster-bundle");
      try {
        Path topology = folder.resolve("topology.yaml");
        Files.writeString(topology, withAccess(bundle));
        Files.writeString(folder.resolve("plan.yaml"), bundle.planText());
        for (Map.Entry<String, String> carried : bundle.files().entrySet()) {
          Files.writeString(folder.resolve(carried.getKey()), carried.getValue());
        }
        SecretSources secrets = new SecretSources(SecretSources.Extent.NONE, top.redactor());
        Loader.Loaded loaded = Loader.load(topology, secrets);
        return new Loader.Loaded(
            file,
            loaded.topologyText(),
            loaded.topology(),
            loaded.planText(),
            HereOnly.plan(loaded.plan(), loaded.topology(), bundle.member()),
            List.of());
      } finally {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path one : files.toList()) {
            Files.delete(one);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw MusterException.of("cannot unpack " + file + ": " + e.getMessage());
    }
  }

  private String withAccess(Bundle bundle) throws JsonProcessingException {
    ObjectNode root = (ObjectNode) JSON.readTree(bundle.topologyText());
    ObjectNode member = (ObjectNode) root.at("/spec/members/0");
    ObjectNode kubeconfig = member.putObject("access").putObject("kubeconfig");
    options.context().ifPresent(context -> kubeconfig.put("context", context));
    options.kubeconfigs().stream()
        .findFirst()
        .ifPresent(path -> kubeconfig.put("file", path.toAbsolutePath().toString()));
    return root.toPrettyString();
  }

  private RunReport perform(Session session, ChangeSet changeSet) {
    RunText listener = new RunText(out, session.clean(), top.style(), false);
    WatchingGateKeeper gates =
        new WatchingGateKeeper(
            session.planFile(),
            session.topology(),
            session.clusters(),
            session.reader(),
            listener,
            Duration.ofSeconds(1));
    StepRunner runner =
        new StepRunner(
            session.planFile(),
            session.planner(),
            session.reader(),
            session.clusters(),
            Expectation.of(changeSet, Fingerprint.withNewKey(new SecureRandom())),
            gates,
            RunLock.none(),
            Bookkeeper.none(),
            listener);
    Apply apply = new Apply(runner, listener, 1);
    String runId = ApplyFlow.newRunId();
    long steps =
        changeSet.steps().stream().filter(s -> s.decision() == StepPlan.Decision.RUN).count();
    listener.on(new RunEvent.RunStarted(runId, (int) steps, changeSet.changes().size()));
    Interruption interruption = Interruption.install(apply::interrupt);
    try {
      RunReport report = apply.run(runId, changeSet, session.snapshot());
      listener.summary(report);
      return report;
    } finally {
      interruption.done();
    }
  }

  private void receipt(
      Path file,
      Bundle bundle,
      Seal seal,
      Session session,
      ChangeSet changeSet,
      Map<String, String> steps) {
    ClusterDeclaration member = session.topology().members().get(0);
    Set<Need> needs = new LinkedHashSet<>();
    for (StepPlan step : changeSet.steps()) {
      session.planner().needs(step.step()).stream()
          .filter(need -> need.cluster().name().equals(member.name()))
          .forEach(needs::add);
    }
    Receipt receipt =
        new Receipt(
            bundle.id(),
            bundle.topology(),
            bundle.member(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            steps,
            Recording.of(session.clusters().open(member), session.planFile(), needs));
    Path place = options.receipt().orElse(file.resolveSibling(file.getFileName() + ".receipt"));
    try {
      Files.writeString(place, receipt.sealed(seal));
    } catch (IOException e) {
      throw MusterException.of("cannot write " + place + ": " + e.getMessage());
    }
    out.println(
        "the receipt is " + place + "; take it home and run there: muster apply --receipt FILE");
  }
}
