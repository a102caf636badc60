package dev.muster.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.OpenRotation;
import dev.muster.apply.RotationChoice;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Inspector;
import dev.muster.changes.RefusedException;
import dev.muster.diff.Fingerprint;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.plan.Requirement;
import dev.muster.plan.RotationSpec;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.report.PlanJson;
import dev.muster.report.RotationText;
import dev.muster.report.Style;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Rollout;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rotation that a command carries out: decided before the change set is computed. */
public final class RotationRun {
  /**
   * What was asked for.
   *
   * @param given a value that somebody gave
   * @param source where that came from, in words; empty for none
   * @param anew to begin another one although one is open
   */
  public record Request(String name, Optional<String> given, String source, boolean anew) {
    @Override
    public String toString() {
      return "rotate " + name;
    }
  }

  private final RotationSpec spec;
  private final Request request;
  private final RotationChoice choice;
  private final Optional<OpenRotation> seen;
  private final String window;
  private final List<String> notes;

  private RotationRun(
      RotationSpec spec,
      Request request,
      RotationChoice choice,
      Optional<OpenRotation> seen,
      String window,
      List<String> notes) {
    this.spec = spec;
    this.request = request;
    this.choice = choice;
    this.seen = seen;
    this.window = window;
    this.notes = List.copyOf(notes);
  }

  /** A rotation goes in waves even where the topology has none. */
  public static Loader.Loaded inWaves(Loader.Loaded loaded) {
    return loaded.topology().rollout().isPresent()
        ? loaded
        : loaded.withStopAfter(Rollout.canary().stopAfter());
  }

  /**
   * Reads what the host has, decides, and lets the session's expressions see the new value.
   *
   * @param asked empty when no rotation was asked for
   * @param now what time it is for whoever asks
   * @return to be held to the change set by {@link RotationStart#insist} before anything is written
   * @throws RefusedException when it must not be
   */
  public static RotationStart prepare(
      Session session, Optional<Request> asked, String runId, Instant now) {
    return asked
        .map(request -> decide(session, request, runId, now))
        .orElseGet(RotationStart::none);
  }

  private static RotationStart decide(Session session, Request request, String runId, Instant now) {
    RotationSpec spec = spec(session, request.name());
    ClusterDeclaration host = session.topology().host();
    Optional<Failure> failure =
        session
            .reader()
            .contact(host, session.topology().name(), List.of(host), session.snapshot());
    Optional<Failure> nameless = session.snapshot().identity(host).flatMap(Reading::failed);
    String there = "kube-system of the host \"" + host.name() + "\"";
    if (nameless.isPresent()) {
      return RotationStart.unread("Namespace " + there, nameless.get());
    }
    if (failure.isPresent()) {
      return RotationStart.unread("the inventory (ConfigMaps in " + there + ")", failure.get());
    }
    Inspector inspector = session.inspector(now);
    require(spec, host, inspector);
    Optional<OpenRotation> open = new Rotations(session).open(spec.name());
    RotationChoice choice =
        RotationChoice.of(
            spec,
            new RotationChoice.Situation(
                open,
                request.given(),
                text(inspector, host, spec.durable()),
                text(inspector, host, spec.ofHost()),
                request.anew(),
                now.truncatedTo(ChronoUnit.SECONDS),
                runId),
            new SecureRandom());
    if (choice instanceof RotationChoice.Refuse refuse) {
      throw new RefusedException(List.of(Problem.error(host.where(), refuse.why(), refuse.hint())));
    }
    session.snapshot().rotate(spec.name(), value(choice));
    List<String> notes = new ArrayList<>();
    spec.notes().forEach(note -> notes.add(text(inspector, host, note)));
    String window = text(inspector, host, spec.window());
    return RotationStart.of(new RotationRun(spec, request, choice, open, window, notes));
  }

  static RotationSpec spec(Session session, String name) {
    RotationSpec spec = session.planFile().rotations().get(name);
    if (spec == null) {
      List<String> names = List.copyOf(session.planFile().rotations().keySet());
      throw MusterException.of(
          "the plan " + session.planFile().name() + " has no rotation \"" + name + "\"",
          names.isEmpty() ? "it has none" : "it has: " + String.join(", ", names));
    }
    return spec;
  }

  private static void require(RotationSpec spec, ClusterDeclaration host, Inspector inspector) {
    for (Requirement requirement : spec.require()) {
      inspector.read(host, requirement.templates());
      Outcome outcome = inspector.evaluate(host, requirement.that());
      if (outcome instanceof Outcome.Error error) {
        throw MusterException.of(
            "rotation " + spec.name() + ": " + error.message(),
            "check the host, then run the same command again");
      }
      boolean holds = outcome instanceof Outcome.Value value && value.value().asBoolean();
      if (!holds) {
        throw new RefusedException(
            List.of(
                Problem.error(
                    host.where(),
                    text(inspector, host, requirement.message()),
                    requirement.hint().map(hint -> text(inspector, host, hint)).stream()
                        .toArray(String[]::new))));
      }
    }
  }

  /** The text of a template; empty when it has none. */
  private static String text(Inspector inspector, ClusterDeclaration host, Template template) {
    inspector.read(host, List.of(template));
    Outcome outcome = inspector.evaluate(host, template);
    if (outcome instanceof Outcome.Error error) {
      throw MusterException.of(
          "rotation: " + error.message(), "check the host, then run the same command again");
    }
    return outcome instanceof Outcome.Value value ? value.value().asText() : "";
  }

  private static String value(RotationChoice choice) {
    return choice instanceof RotationChoice.GoOn on
        ? on.value()
        : ((RotationChoice.Begin) choice).value();
  }

  String name() {
    return spec.name();
  }

  /** What is told of it beside what it changes. */
  public List<String> notes() {
    return notes;
  }

  /** What people have to know beforehand. */
  public String told(Session session, ChangeSet changeSet, Style style) {
    return text(session, style).render(told(), changeSet);
  }

  /** A change set in a format, with what people and programs have to know beforehand. */
  public String rendered(
      Session session,
      ChangeSet changeSet,
      Fingerprint fingerprint,
      PlanRendering format,
      Style style) {
    String rendered = format.of(session, changeSet, fingerprint, style);
    return switch (format) {
      case text -> told(session, changeSet, style) + rendered;
      case markdown ->
          "```text\n" + told(session, changeSet, Style.PLAIN).strip() + "\n```\n\n" + rendered;
      case json -> {
        PlanJson json = new PlanJson(session.planFile(), fingerprint, session.clean());
        ObjectNode tree = json.tree(changeSet);
        tree.set("rotation", text(session, Style.PLAIN).json(told(), changeSet));
        yield PlanJson.text(tree);
      }
      case patch -> rendered;
    };
  }

  private RotationText text(Session session, Style style) {
    return new RotationText(session.planFile(), session.topology(), session.clean(), style);
  }

  private RotationText.Told told() {
    String value =
        choice instanceof RotationChoice.GoOn on
            ? "the one that the host has got already; this goes on with the rotation of "
                + on.open().began()
            : ((RotationChoice.Begin) choice).generated()
                ? "generated, " + spec.length() + " characters"
                : "from " + request.source();
    return new RotationText.Told(spec.name(), spec.description(), value, window, notes);
  }

  /** Remembers it as open. Under the lock, before the first write. */
  public void begin(Rotations rotations, InventoryKeeper keeper) {
    if (!rotations.open(spec.name()).equals(seen)) {
      throw MusterException.of(
          "another run has begun or ended a rotation of " + spec.name() + " in the meantime",
          "run the same command again: it goes on with what is open");
    }
    if (choice instanceof RotationChoice.Begin begin) {
      rotations.begin(begin.open(), keeper);
    }
  }
}
