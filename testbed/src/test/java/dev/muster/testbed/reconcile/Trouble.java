package dev.muster.testbed.reconcile;

import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * What a run meets: {@code cut=c1 after=9} is cut off from a cluster, or from {@code all}, when so
 * many requests have gone by; {@code fault=503 at=9 for=2} has so many requests spoilt from the 9th
 * on.
 */
record Trouble(Rule rule, boolean lies) {
  private static final List<String> FAULTS =
      List.of(
          "401",
          "403",
          "404",
          "409",
          "410",
          "422",
          "429",
          "500",
          "503",
          "504",
          "lost",
          "unanswered",
          "reset",
          "truncated",
          "stale",
          "hidden",
          "closed");

  static Trouble of(String event) {
    Optional<String> cut = Case.option(event, "cut");
    if (cut.isPresent()) {
      int after = number(event, "after", 0);
      Predicate<Request> cluster =
          request -> cut.get().equals("all") || cut.get().equals(request.cluster());
      return new Trouble(
          Rule.always(cluster.and(request -> request.number() > after), new Fault.DropRequest()),
          false);
    }
    Optional<String> fault = Case.option(event, "fault");
    if (fault.isPresent()) {
      int at = number(event, "at", 1);
      int end = at + number(event, "for", 1);
      return new Trouble(
          Rule.always(
              request -> request.number() >= at && request.number() < end, fault(fault.get())),
          // Nobody can see through these: an apiserver that says so of an object is believed.
          fault.get().equals("404") || fault.get().equals("stale"));
    }
    return new Trouble(Rule.always(request -> false, new Fault.DropRequest()), false);
  }

  private static int number(String event, String key, int otherwise) {
    return Case.option(event, key).map(Integer::parseInt).orElse(otherwise);
  }

  private static Fault fault(String name) {
    return switch (name) {
      case "lost" -> new Fault.DropRequest();
      case "unanswered" -> new Fault.DropAnswer();
      case "reset" -> new Fault.Reset();
      case "truncated" -> new Fault.Truncate();
      case "stale" -> new Fault.Stale();
      case "hidden" -> new Fault.HideEvent(1);
      case "closed" -> new Fault.CloseWatch(0);
      case "429" -> new Fault.Refuse(429, Optional.of(Duration.ofSeconds(1)));
      default -> Fault.Refuse.with(Integer.parseInt(name));
    };
  }

  /**
   * An apply and what it meets; two of five meet nothing.
   *
   * @param cluster which one is cut off when it is a single member
   * @param requests about so many has a whole run
   */
  static String drawn(Random random, String cluster, int requests) {
    int kind = random.nextInt(10);
    if (kind < 4) {
      return "apply";
    }
    int when = random.nextInt(requests);
    if (kind < 7) {
      String cut = kind == 4 ? "all" : kind == 5 ? "host" : cluster;
      return "apply cut=" + cut + " after=" + when;
    }
    String fault = FAULTS.get(random.nextInt(FAULTS.size()));
    int lasting = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 1;
    return "apply fault=" + fault + " at=" + (when + 1) + (lasting > 1 ? " for=" + lasting : "");
  }
}
