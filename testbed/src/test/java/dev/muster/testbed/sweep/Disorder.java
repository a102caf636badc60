package dev.muster.testbed.sweep;

import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A fault and how long it lasts.
 *
 * @param lasting from a request on as long as the run lasts, or this one request only
 */
record Disorder(Fault fault, boolean lasting) {
  private static final Optional<Duration> A_SECOND = Optional.of(Duration.ofSeconds(1));

  static List<Disorder> all() {
    List<Disorder> all = new ArrayList<>();
    List<Fault> refusals = new ArrayList<>();
    IntStream.of(401, 403, 404, 409, 410, 422, 500, 503, 504)
        .forEach(status -> refusals.add(Fault.Refuse.with(status)));
    IntStream.of(401, 422, 500).forEach(status -> refusals.add(new Fault.Echo(status)));
    refusals.add(new Fault.Refuse(429, A_SECOND));
    refusals.add(new Fault.DropRequest());
    refusals.add(new Fault.Truncate());
    refusals.add(new Fault.CloseWatch(0));
    refusals.forEach(fault -> all.add(new Disorder(fault, true)));
    refusals.forEach(fault -> all.add(new Disorder(fault, false)));
    List.of(
            new Fault.Refuse(503, A_SECOND),
            new Fault.DropAnswer(),
            new Fault.Reset(),
            new Fault.Delay(Duration.ofSeconds(2)),
            new Fault.Stale(),
            new Fault.HideEvent(1),
            new Fault.HideEvent(2),
            new Fault.CloseWatch(1))
        .forEach(fault -> all.add(new Disorder(fault, false)));
    return all;
  }

  /** Whether nobody could see through it: an API server that says so of an object is believed. */
  boolean lies() {
    return fault instanceof Fault.Stale
        || fault instanceof Fault.Refuse refuse && refuse.status() == 404;
  }

  /**
   * Whether an object that is to go counts as gone: one that was denied when the change was
   * planned, or for as long as the run lasted, stays behind, and nobody remembers it. A stale read
   * is a denial of what was only made once.
   */
  boolean denies(Request.Point point) {
    return lies() && (lasting || point.turn() == 1) && point.verb().equals("get");
  }

  /** Whether it can happen to such a request at all. */
  boolean fits(Request.Point point) {
    boolean stream = point.verb().equals("watch") || point.path().endsWith("/log");
    if (fault instanceof Fault.HideEvent || fault instanceof Fault.CloseWatch) {
      return point.verb().equals("watch");
    }
    if (fault instanceof Fault.Stale) {
      return !stream && (point.verb().equals("get") || point.verb().equals("list"));
    }
    return true;
  }

  /** Every second one has to do with a run that tells all that it can. */
  List<String> calling(List<String> command) {
    return all().indexOf(this) % 2 == 0
        ? command
        : Stream.concat(command.stream(), Stream.of("--debug")).toList();
  }

  Rule at(Request.Point point) {
    return lasting
        ? Rule.always(
            request -> point.sameKind(request.point()) && request.turn() >= point.turn(), fault)
        : Rule.at(point, fault);
  }

  @Override
  public String toString() {
    return fault + (lasting ? ", from then on" : "");
  }
}
