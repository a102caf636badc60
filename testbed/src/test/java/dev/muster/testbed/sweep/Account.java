package dev.muster.testbed.sweep;

import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.testbed.Muster;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run that failed has to say for itself: cluster, object, cause, and what to do. */
final class Account {
  private Account() {}

  /** What is missing in it, in sentences. */
  static List<String> of(FaultyRun run, Muster.Result said) {
    if (said.exit() == 0) {
      return List.of();
    }
    String text = (said.out() + said.err()).replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    List<String> missing = new ArrayList<>();
    name(missing, text, "the cluster", List.of(run.point().cluster()));
    name(missing, text, "the object", objects(run.point()));
    if (!(run.disorder().fault() instanceof Fault.Stale)) {
      // Nothing shows that what an API server says was true a moment ago.
      name(missing, text, "the cause", causes(run.disorder().fault()));
    }
    name(missing, text, "what to do", List.of("next: ", "hint: "));
    return missing;
  }

  private static void name(List<String> missing, String text, String what, List<String> words) {
    if (words.stream().noneMatch(text::contains)) {
      missing.add("it does not name " + what + ": none of " + words);
    }
  }

  /** The words of which one has to come; the name of an object or, of a list, its kind. */
  private static List<String> objects(Request.Point point) {
    List<String> parts = List.of(point.path().split("/"));
    String last = parts.get(parts.size() - 1).toLowerCase(Locale.ROOT);
    if (point.path().contains("/pods/") || last.equals("pods")) {
      // Where there is no log, nothing has been written to it.
      return List.of("the log of the pods", "nothing to its log");
    }
    int proxied = point.path().indexOf("/services/");
    if (proxied >= 0 && point.path().contains("/proxy/")) {
      // https:mc-m2:6443: what is asked lies behind the Service, and the Service is what people
      // know.
      return List.of("service " + point.path().substring(proxied).split(":", -1)[1]);
    }
    if (point.path().contains("/leases")) {
      return List.of("the lock", "lease");
    }
    if (point.path().contains("/namespaces/kube-system/configmaps")) {
      return List.of("inventory");
    }
    if (last.equals("kube-system")) {
      // Where nobody answers, it does not matter what was asked.
      return List.of(last, "cannot be reached");
    }
    return List.of(last.endsWith("s") ? last.substring(0, last.length() - 1) : last);
  }

  private static List<String> causes(Fault fault) {
    if (fault instanceof Fault.Refuse refuse) {
      return switch (refuse.status()) {
        case 401 -> List.of("(401 unauthorized)");
        case 403 -> List.of("is forbidden");
        // Or what followed from it: muster makes what is said to be missing, or has planned without
        // it and finds it when it applies.
        case 404 ->
            List.of(
                "already exists",
                "not found",
                "is not there",
                "was not there",
                "does not exist",
                "there is no",
                "has no namespace",
                "was not in the change set");
        case 409 -> List.of("has been modified", "already exists", "somebody else writes");
        case 410 -> List.of("is too old");
        case 422 -> List.of("is invalid", "not as the patch expects");
        case 429 -> List.of("too many requests");
        case 500 -> List.of("internal error");
        case 503 -> List.of("unable to handle the request");
        default -> List.of("within the allotted timeout");
      };
    }
    if (fault instanceof Fault.Echo) {
      return List.of("the request was");
    }
    return List.of(
        " broke", "did not answer in time", "refused the connection", "cannot be reached");
  }

  /** The record of a run says what its exit code says. */
  static List<String> ofRecord(Arena arena, Muster.Result said) {
    if (!said.out().contains("recorded on branch ")) {
      return List.of();
    }
    String result =
        arena.muster().git("log", "-1", "--format=%(trailers:key=Result,valueonly)", "muster/acme");
    boolean good = result.strip().equals("done");
    return good == (said.exit() == 0)
        ? List.of()
        : List.of("it ended with " + said.exit() + ", and the record says " + result.strip());
  }
}
