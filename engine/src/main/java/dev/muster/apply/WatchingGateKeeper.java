package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.changes.Clusters;
import dev.muster.changes.LiveReader;
import dev.muster.changes.Snapshot;
import dev.muster.desired.Evaluated;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.gate.Cause;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.gate.Stability;
import dev.muster.gate.StepVariable;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.live.Watching;
import dev.muster.plan.GateSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.topology.Durations;
import dev.muster.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Waits for real: watches the objects that a gate's terms name, and asks for what cannot be watched
 * (logs, other clusters through a Service) from time to time.
 */
public final class WatchingGateKeeper implements GateKeeper {
  /** How long a gate believes what its watches have told, or have not told. */
  private static final Duration BELIEVES = Duration.ofSeconds(10);

  private final Plan plan;
  private final Topology topology;
  private final Clusters clusters;
  private final LiveReader reader;
  private final RunListener listener;
  private final Duration pollEvery;

  /**
   * @param pollEvery how often logs and tunnels are asked while a gate waits
   */
  public WatchingGateKeeper(
      Plan plan,
      Topology topology,
      Clusters clusters,
      LiveReader reader,
      RunListener listener,
      Duration pollEvery) {
    this.plan = plan;
    this.topology = topology;
    this.clusters = clusters;
    this.reader = reader;
    this.listener = listener;
    this.pollEvery = pollEvery;
  }

  @Override
  public boolean real() {
    return true;
  }

  @Override
  public Optional<StepOutcome> pass(
      Step step, GateSpec gate, Snapshot snapshot, Set<String> wrote, Instant since)
      throws InterruptedException {
    return new Wait(step, gate, snapshot, wrote, since).pass();
  }

  /** One wait at one gate. */
  private final class Wait {
    private final Step step;
    private final GateSpec gate;
    private final Snapshot snapshot;
    private final Instant since;
    private final Expressions expressions;
    private final GateCheck check;
    private final Map<String, JsonNode> stepVariable;
    private final Semaphore news = new Semaphore(1);
    private final long began = System.nanoTime();
    private final Duration limit;
    private final Optional<Stability> stability;
    private final Map<Need, Reading> told = new HashMap<>();
    private long looked = began;
    private String lastReason = "";
    private String lastLine = "";

    Wait(Step step, GateSpec gate, Snapshot shared, Set<String> wrote, Instant since) {
      this.step = step;
      this.gate = gate;
      this.snapshot = shared;
      this.since = since;
      this.expressions = Expressions.at(plan, topology, step);
      this.stepVariable = StepVariable.of(wrote, since);
      this.check = new GateCheck(gate, this::evaluate);
      this.limit = gate.limit(topology);
      this.stability = gate.stable().map(Stability::new);
    }

    private Outcome evaluate(Template template) {
      return expressions.evaluateRead(template, snapshot, stepVariable);
    }

    Optional<StepOutcome> pass() throws InterruptedException {
      List<Watching> watches = new ArrayList<>();
      try {
        for (Need need : watched()) {
          watches.add(
              clusters
                  .open(need.cluster())
                  .watch(
                      need.ref(),
                      reading -> {
                        tell(need, reading);
                        news.release();
                      }));
        }
        return loop();
      } finally {
        watches.forEach(Watching::close);
      }
    }

    private synchronized void tell(Need need, Reading reading) {
      told.put(need, reading);
      snapshot.put(need, reading);
    }

    private synchronized Optional<Reading> told(Need need) {
      return Optional.ofNullable(told.get(need));
    }

    /** Takes a reading, unless the watch has told of something newer before or meanwhile. */
    private synchronized void tellUnlessNewer(
        Need need, Reading reading, Optional<Reading> before) {
      Optional<Reading> now = told(need);
      boolean same = now.equals(before);
      boolean older =
          now.flatMap(Reading::found)
              .flatMap(known -> reading.found().map(read -> read.isOlderThan(known)))
              .orElse(false);
      if (reading.failed().isEmpty() && same && !older) {
        tell(need, reading);
      }
    }

    /** Events get lost: on connections that died in silence, in caches that lag behind. */
    private void lookAgain() {
      looked = System.nanoTime();
      for (Need need : watched()) {
        Optional<Reading> before = told(need);
        tellUnlessNewer(need, clusters.open(need.cluster()).read(need.ref()), before);
      }
    }

    private Optional<StepOutcome> loop() throws InterruptedException {
      long nextPoll = began;
      boolean lookedLast = false;
      while (true) {
        GateStatus status = check.ready();
        Duration pause = pollEvery;
        if (!(status instanceof GateStatus.Ready)) {
          stability.ifPresent(Stability::reset);
        }
        if (status instanceof GateStatus.Ready && stability.isPresent()) {
          Duration left = stability.get().observe(stableValue(), System.nanoTime());
          if (!left.isZero()) {
            status =
                new GateStatus.Waiting(
                    "what it checks has to stay as it is for "
                        + Durations.text(gate.stable().orElseThrow().lasting()));
            pause = left;
          }
        }
        boolean polling = System.nanoTime() >= nextPoll;
        if (status instanceof GateStatus.Ready) {
          poll(gate.proof().stream().flatMap(term -> term.templates().stream()).toList());
          status = check.proof();
        }
        if (status instanceof GateStatus.Ready) {
          listener.on(
              new RunEvent.GateOpened(step.id(), step.cluster().name(), gate.name(), waited()));
          return Optional.empty();
        }
        String reason = ((GateStatus.Waiting) status).why();
        if (polling) {
          nextPoll = System.nanoTime() + pollEvery.toNanos();
          poll(probing());
          Optional<Cause> failed = check.failed();
          if (failed.isPresent()) {
            return Optional.of(
                new StepOutcome.GateFailed(
                    gate.name(), failed.get().text(), failed.get().next(), waited()));
          }
          progress();
        }
        tell(reason);
        Duration since = Duration.ofNanos(System.nanoTime() - looked);
        boolean over = waited().compareTo(limit) >= 0;
        if (since.compareTo(BELIEVES) >= 0 || over && !lookedLast) {
          lookedLast = over;
          lookAgain();
          continue;
        }
        if (over) {
          return Optional.of(timedOut(reason));
        }
        Duration left = limit.minus(waited());
        Duration untilPoll = Duration.ofNanos(Math.max(0, nextPoll - System.nanoTime()));
        news.tryAcquire(
            Math.max(1, min(pause, min(left, untilPoll)).toMillis()), TimeUnit.MILLISECONDS);
        news.drainPermits();
      }
    }

    private JsonNode stableValue() {
      return evaluate(gate.stable().orElseThrow().value()) instanceof Outcome.Value value
          ? value.value()
          : JsonNodeFactory.instance.missingNode();
    }

    private void tell(String reason) {
      if (!reason.equals(lastReason)) {
        lastReason = reason;
        listener.on(
            new RunEvent.GateWaiting(
                step.id(), step.cluster().name(), gate.name(), reason, waited(), limit));
      }
    }

    private void progress() {
      String line = check.progress();
      if (!line.isBlank() && !line.equals(lastLine)) {
        lastLine = line;
        listener.on(new RunEvent.GateProgress(step.id(), step.cluster().name(), line, waited()));
      }
    }

    private StepOutcome timedOut(String reason) {
      List<Template> asked =
          new ArrayList<>(gate.why().stream().flatMap(p -> p.templates().stream()).toList());
      poll(asked);
      asked.addAll(probing());
      Optional<Cause> unread =
          asked.stream()
              .flatMap(template -> expressions.unreadable(template, snapshot).stream())
              .map(Wait::unreadCause)
              .findFirst();
      Optional<Cause> cause = check.why().or(() -> unread);
      return new StepOutcome.TimedOut(
          gate.name(),
          reason,
          cause.map(Cause::text).orElse(""),
          cause.map(Cause::next).orElse("muster why " + step.subject().name()),
          waited());
    }

    private static Cause unreadCause(Evaluated.Unreadable unreadable) {
      return new Cause(
          unreadable.message(),
          unreadable.failure().kind() == Failure.Kind.NOT_ALLOWED
              ? "ask the plan's author to write it under `allows`"
              : unreadable.failure().kind().refused()
                  ? "give the runner's account the right, then run the same command again"
                  : "check the cluster, then run the same command again");
    }

    private Duration waited() {
      return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The single objects that the terms name; each is watched. */
    private Set<Need> watched() {
      Set<Need> needs = new LinkedHashSet<>();
      gate.ready()
          .forEach(term -> term.templates().forEach(t -> needs.addAll(expressions.needs(t))));
      gate.stable().ifPresent(stable -> needs.addAll(expressions.needs(stable.value())));
      needs.removeIf(
          need -> !(need.object().source() instanceof ObjectSource.One one) || one.elsewhere());
      return needs;
    }

    private List<Template> probing() {
      List<Template> templates = new ArrayList<>();
      gate.failed().forEach(probe -> templates.addAll(probe.templates()));
      gate.progress().ifPresent(templates::add);
      return templates;
    }

    private void poll(List<Template> templates) {
      Set<Need> needs = new LinkedHashSet<>();
      templates.forEach(template -> needs.addAll(expressions.needs(template)));
      needs.removeAll(watched());
      Set<Need> objects = new LinkedHashSet<>();
      for (Need need : needs) {
        if (need.object().source() instanceof ObjectSource.Log log) {
          snapshot.put(need, clusters.open(need.cluster()).logs(log.query(), since));
        } else {
          objects.add(need);
        }
      }
      reader.readClocks(templates, step.subject(), snapshot);
      reader.read(objects, snapshot);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
