package dev.muster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.apply.Apply;
import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.RunEvent;
import dev.muster.apply.RunLock;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.apply.StepRunner;
import dev.muster.apply.WatchingGateKeeper;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Clusters;
import dev.muster.changes.Expectation;
import dev.muster.changes.OwnedObject;
import dev.muster.changes.RefusedException;
import dev.muster.changes.StepPlan;
import dev.muster.courier.Bundle;
import dev.muster.courier.Carried;
import dev.muster.courier.HereOnly;
import dev.muster.courier.RecordedCluster;
import dev.muster.courier.Recording;
import dev.muster.courier.Seal;
import dev.muster.desired.Need;
import dev.muster.diff.Fingerprint;
import dev.muster.live.Cluster;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.Step;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.report.PlanText;
import dev.muster.report.RunText;
import dev.muster.resource.ObjectRef;
import dev.muster.session.Execution;
import dev.muster.session.Loader;
import dev.muster.session.SealKeys;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import dev.muster.session.SiteReceipt;
import dev.muster.topology.ClusterDeclaration;
import java.io.PrintWriter;
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
import java.util.function.BooleanSupplier;

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

  /** Clocks differ by seconds; a bundle from the future tells of a clock that is wrong. */
  private static final Duration CLOCKS_DIFFER_BY = Duration.ofMinutes(5);

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
   * @throws RefusedException when the bundle is out of date, or for another cluster
   */
  ExitCode run(Path file, String text, BooleanSupplier agreed) {
    Seal seal = new SealKeys(top.redactor()).of(options.sealWith());
    Bundle bundle = Bundle.open(file.toString(), text, seal);
    refuseOutdated(file, bundle, Instant.now());
    Loader.Loaded loaded = load(file, bundle, false);
    Loader.Loaded absent = load(file, bundle, true);
    List<Step> leaving = absent.plan().expand(absent.topology());
    Path place = options.receipt().orElse(file.resolveSibling(file.getFileName() + ".receipt"));
    SiteReceipt receipt = new SiteReceipt(place, bundle, seal);
    Carried carried =
        new Carried(bundle.topology(), bundle.member(), receipt.remembered(), receipt::remember);
    try (Session real = Session.open(loaded, top.redactor());
        Session session = real.through(clusters -> withHost(clusters, bundle, carried))) {
      identify(file, bundle, session);
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
      if (changeSet.hasWork() && !agreed.getAsBoolean()) {
        return ExitCode.REFUSED;
      }
      receipt.begin(state(session, changeSet, leaving, carried));
      Work work = new Work(session, changeSet);
      ExitCode code = changeSet.hasWork() ? work.perform() : work.nothing();
      receipt.end(work.steps, state(session, changeSet, leaving, carried), carried.entry());
      if (code != ExitCode.OK) {
        out.println("not all of it is done: when what failed is put right, apply the bundle again");
      }
      out.println(
          "the receipt is %s; take it home and run there: muster apply --receipt %s"
              .formatted(place, place.getFileName()));
      return code;
    }
  }

  /** By the clock of this machine: the cluster is not asked anything before. */
  private static void refuseOutdated(Path file, Bundle bundle, Instant now) {
    Where where = Where.file(file.toString());
    if (now.isAfter(bundle.expires())) {
      throw new RefusedException(
          List.of(
              Problem.error(
                  where,
                  "this bundle was good until %s, and by the clock of this machine it is %s"
                      .formatted(bundle.expires(), now.truncatedTo(ChronoUnit.SECONDS)),
                  "have it made anew: muster plan --for %s --bundle %s"
                      .formatted(bundle.member(), file.getFileName()))));
    }
    if (now.plus(CLOCKS_DIFFER_BY).isBefore(bundle.made())) {
      throw new RefusedException(
          List.of(
              Problem.error(
                  where,
                  "this bundle was made at %s, and by the clock of this machine it is only %s"
                      .formatted(bundle.made(), now.truncatedTo(ChronoUnit.SECONDS)),
                  "set the clock of the machine that is wrong, then apply or make the bundle again")));
    }
  }

  /** Says which cluster is about to be changed, and makes sure that it is the one. */
  private void identify(Path file, Bundle bundle, Session session) {
    ClusterDeclaration member = session.topology().members().get(0);
    String context = session.clean().line(member.access().context());
    Reading reading = session.clusters().own(member).read(Recording.IDENTITY);
    if (reading.failed().isPresent()) {
      throw MusterException.of(
          "member %s cannot be reached from here, with context %s: %s"
              .formatted(bundle.member(), context, reading.failed().get().message()),
          "say how it is reached: --kubeconfig FILE --context NAME");
    }
    String uid = reading.found().map(LiveObject::uid).orElse("");
    if (!member.uid().isEmpty() && !member.uid().equalsIgnoreCase(uid)) {
      throw new RefusedException(
          List.of(
              Problem.error(
                  Where.file(file.toString()),
                  "behind context %s is another cluster than %s: its kube-system UID is %s, the bundle is for %s"
                      .formatted(context, bundle.member(), uid, member.uid()),
                  "name the context of " + bundle.member() + ": --context NAME")));
    }
    out.println(
        "bundle for %s of topology %s, made %s, good until %s"
            .formatted(bundle.member(), bundle.topology(), bundle.made(), bundle.expires()));
    out.println(
        "cluster behind context %s: kube-system UID %s, %s"
            .formatted(
                context,
                uid,
                member.uid().isEmpty()
                    ? "which the bundle does not pin: make sure that it is " + bundle.member()
                    : "the one that the bundle is for"));
  }

  private static Clusters withHost(Clusters clusters, Bundle bundle, Carried carried) {
    return new Clusters() {
      @Override
      public Cluster open(ClusterDeclaration declaration) {
        return declaration.host()
            ? new RecordedCluster(
                declaration.name(),
                bundle.host(),
                "of the host only what was packed on " + bundle.made() + " is known here",
                carried)
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

  private Loader.Loaded load(Path file, Bundle bundle, boolean absent) {
    try {
      Loader.Loaded loaded =
          Loader.load(
              file,
              withAccess(bundle, absent),
              Optional.of(bundle.planText()),
              (source, folder, where, problems) ->
                  bundle.manifests().getOrDefault(source, List.of()),
              new SecretSources(SecretSources.Extent.NONE, top.redactor()));
      return new Loader.Loaded(
          file,
          loaded.topologyText(),
          loaded.topology(),
          loaded.planText(),
          HereOnly.plan(loaded.plan(), loaded.topology(), bundle.member()),
          List.of(),
          loaded.provenance());
    } catch (JsonProcessingException e) {
      throw MusterException.of(file + " is broken", "have it made anew");
    }
  }

  private String withAccess(Bundle bundle, boolean absent) throws JsonProcessingException {
    ObjectNode root = (ObjectNode) JSON.readTree(bundle.topologyText());
    ObjectNode member = (ObjectNode) root.at("/spec/members/0");
    if (absent) {
      member.put("state", "absent").remove("renamedFrom");
    }
    ObjectNode kubeconfig = member.putObject("access").putObject("kubeconfig");
    options.context().ifPresent(context -> kubeconfig.put("context", context));
    options.kubeconfigs().stream()
        .findFirst()
        .ifPresent(path -> kubeconfig.put("file", path.toAbsolutePath().toString()));
    return root.toPrettyString();
  }

  /**
   * What the host's side of the plan will want to know of the member, and what it would if the
   * member were to be taken out next.
   */
  private static Recording state(
      Session session, ChangeSet changeSet, List<Step> leaving, Carried carried) {
    ClusterDeclaration member = session.topology().members().get(0);
    Set<Need> needs = needs(session, changeSet.steps().stream().map(StepPlan::step).toList());
    Set<Need> besides = needs(session, leaving);
    List<ObjectRef> owned =
        carried.entry().stream()
            .flatMap(entry -> entry.objects().stream())
            .filter(object -> object.cluster().equals(member.name()))
            .map(OwnedObject::ref)
            .toList();
    return Recording.of(session.clusters().open(member), session.planFile(), needs, besides, owned);
  }

  private static Set<Need> needs(Session session, List<Step> steps) {
    String member = session.topology().members().get(0).name();
    Set<Need> needs = new LinkedHashSet<>();
    for (Step step : steps) {
      session.planner().needs(step).stream()
          .filter(need -> need.cluster().name().equals(member))
          .forEach(needs::add);
    }
    return needs;
  }

  /** The run itself. */
  private final class Work {
    private final Session session;
    private final ChangeSet changeSet;
    private final Map<String, String> steps = new LinkedHashMap<>();

    Work(Session session, ChangeSet changeSet) {
      this.session = session;
      this.changeSet = changeSet;
    }

    ExitCode nothing() {
      changeSet.steps().stream()
          .filter(step -> step.decision() == StepPlan.Decision.DONE)
          .forEach(
              step -> steps.put(step.step().id(), new StepOutcome.Unchanged(Duration.ZERO).word()));
      keeper("").finish(this::settled);
      return ExitCode.OK;
    }

    private InventoryKeeper keeper(String runId) {
      InventoryKeeper keeper =
          new InventoryKeeper(
              session.host(), session.topology(), session.snapshot(), runId, RunLock.none());
      keeper.begin(changeSet);
      return keeper;
    }

    private boolean settled(String stepId) {
      return changeSet.step(stepId).map(StepPlan::settled).orElse(true);
    }

    ExitCode perform() {
      String runId = Execution.newRunId();
      RunText listener = new RunText(out, session.clean(), top.style(), false);
      InventoryKeeper keeper = keeper(runId);
      StepRunner runner =
          new StepRunner(
              session.planFile(),
              session.planner(),
              session.reader(),
              session.clusters(),
              Expectation.of(changeSet, Fingerprint.withNewKey(new SecureRandom())),
              new WatchingGateKeeper(
                  session.planFile(),
                  session.topology(),
                  session.clusters(),
                  session.reader(),
                  listener,
                  Duration.ofSeconds(1)),
              RunLock.none(),
              keeper,
              listener);
      Apply apply = new Apply(runner, listener, 1);
      long count =
          changeSet.steps().stream().filter(s -> s.decision() == StepPlan.Decision.RUN).count();
      listener.on(new RunEvent.RunStarted(runId, (int) count, changeSet.changes().size()));
      Interruption interruption = Interruption.install(apply::interrupt);
      try {
        RunReport report = apply.run(runId, changeSet, session.snapshot());
        keeper.finish(
            id ->
                Optional.ofNullable(report.outcomes().get(id)).map(StepOutcome::done).orElse(true));
        listener.summary(report);
        report
            .outcomes()
            .forEach(
                (id, outcome) -> {
                  if (!(outcome instanceof StepOutcome.NotNeeded)) {
                    steps.put(id, outcome.word());
                  }
                });
        return RunExit.of(report, changeSet);
      } finally {
        interruption.done();
      }
    }
  }
}
