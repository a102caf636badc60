package dev.muster.sandbox.fault;

import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules as people write them: first what happens, then to which requests, in any order.
 *
 * <pre>
 *   503 patch /configmaps 2..
 *   answer-lost create /clusters @host 1
 *   429:5 write for:30s
 * </pre>
 */
public final class FaultRules {
  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");
  private static final String FAULTS =
      "a fault is one of: 400 to 599 (429:5 with Retry-After), lost, answer-lost, slow:2s,"
          + " truncated, reset, stale, hide:1, close:0";
  private static final String WORDS =
      "after the fault may come: verbs (get, list, watch, create, update, patch, delete, read,"
          + " write; several with commas), /PATH, @CLUSTER, turns (2, 2.., 2..4), for:30s";

  private static final Pattern STATUS = Pattern.compile("([45]\\d\\d)(?::(\\d{1,5}))?");
  private static final Pattern SLOW = Pattern.compile("slow:(.+)");
  private static final Pattern WATCH = Pattern.compile("(hide|close):(\\d{1,6})");
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m)");
  private static final Pattern TURNS = Pattern.compile("(\\d{1,9})(?:(\\.\\.)(\\d{1,9})?)?");

  private FaultRules() {}

  /**
   * Reads rules; the counting of their turns begins anew with each reading.
   *
   * @param clusters that there are
   * @throws MusterException with all that is wrong in any of them
   */
  public static List<Rule> parse(List<String> texts, Set<String> clusters) {
    List<Problem> problems = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    for (String text : texts) {
      List<Problem> wrong = new ArrayList<>();
      Rule rule = rule(text, clusters, wrong);
      problems.addAll(wrong);
      rules.add(rule);
    }
    if (!problems.isEmpty()) {
      throw new MusterException(problems);
    }
    return rules;
  }

  private static Rule rule(String text, Set<String> clusters, List<Problem> wrong) {
    List<String> words = List.of(text.strip().split("\\s+"));
    Optional<Fault> fault = fault(words.get(0));
    if (fault.isEmpty()) {
      wrong.add(problem(text, words.get(0), "is no fault", FAULTS));
    }
    Requests requests = new Requests();
    for (String word : words.subList(1, words.size())) {
      if (!add(requests, word, text, clusters, wrong)) {
        wrong.add(problem(text, word, "says nothing about requests", WORDS));
      }
    }
    Fault chosen = fault.orElseGet(Fault.DropRequest::new);
    boolean ofWatches = chosen instanceof Fault.HideEvent || chosen instanceof Fault.CloseWatch;
    if (ofWatches) {
      requests.verbs.retainAll(Set.of("watch"));
    } else if (chosen instanceof Fault.Stale) {
      requests.verbs.retainAll(Set.of("get", "list"));
    }
    if (requests.verbs.isEmpty() && wrong.isEmpty()) {
      wrong.add(
          problem(
              text,
              words.get(0),
              "can happen to none of these requests",
              ofWatches ? "it happens to watch only" : "it happens to get and list only"));
    }
    return Rule.always(requests, chosen);
  }

  private static Problem problem(String text, String word, String what, String hint) {
    return Problem.error(
        Where.nowhere(), "--fault '" + text.strip() + "': '" + word + "' " + what, hint);
  }

  private static Optional<Fault> fault(String word) {
    Matcher status = STATUS.matcher(word);
    if (status.matches()) {
      Optional<Duration> after =
          Optional.ofNullable(status.group(2)).map(Long::parseLong).map(Duration::ofSeconds);
      return Optional.of(new Fault.Refuse(Integer.parseInt(status.group(1)), after));
    }
    Matcher slow = SLOW.matcher(word);
    if (slow.matches()) {
      return time(slow.group(1)).map(Fault.Delay::new);
    }
    Matcher watch = WATCH.matcher(word);
    if (watch.matches()) {
      int events = Integer.parseInt(watch.group(2));
      boolean hide = watch.group(1).equals("hide");
      return hide && events == 0
          ? Optional.empty()
          : Optional.of(hide ? new Fault.HideEvent(events) : new Fault.CloseWatch(events));
    }
    return switch (word) {
      case "lost" -> Optional.of(new Fault.DropRequest());
      case "answer-lost" -> Optional.of(new Fault.DropAnswer());
      case "truncated" -> Optional.of(new Fault.Truncate());
      case "reset" -> Optional.of(new Fault.Reset());
      case "stale" -> Optional.of(new Fault.Stale());
      default -> Optional.empty();
    };
  }

  private static Optional<Duration> time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(time.group(1));
    return Optional.of(
        switch (time.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        });
  }

  /** Whether the word is of a kind that is known here. */
  private static boolean add(
      Requests requests, String word, String text, Set<String> clusters, List<Problem> wrong) {
    if (word.startsWith("/")) {
      requests.path = path(word);
      return true;
    }
    if (word.startsWith("@")) {
      requests.cluster = word.substring(1);
      if (!clusters.contains(requests.cluster)) {
        String all = String.join(", ", clusters.stream().sorted().limit(12).toList());
        wrong.add(problem(text, word, "is no cluster of the sandbox", "there are: " + all));
      }
      return true;
    }
    Matcher turns = TURNS.matcher(word);
    if (turns.matches()) {
      requests.from = Long.parseLong(turns.group(1));
      String last = turns.group(3);
      requests.to =
          turns.group(2) == null
              ? requests.from
              : last == null ? Long.MAX_VALUE : Long.parseLong(last);
      if (requests.from == 0 || requests.to < requests.from) {
        wrong.add(problem(text, word, "is no turn", "turns are counted from 1, the lower first"));
      }
      return true;
    }
    if (word.startsWith("for:")) {
      requests.length = time(word.substring(4));
      return requests.length.isPresent();
    }
    return addVerbs(requests, word);
  }

  private static boolean addVerbs(Requests requests, String word) {
    requests.verbs.clear();
    for (String verb : word.split(",", -1)) {
      if (verb.equals("read")) {
        requests.verbs.addAll(READS);
      } else if (verb.equals("write")) {
        requests.verbs.addAll(WRITES);
      } else if (READS.contains(verb) || WRITES.contains(verb)) {
        requests.verbs.add(verb);
      } else {
        return false;
      }
    }
    return true;
  }

  /** Whole segments: /pods is no part of /podtemplates. */
  private static Pattern path(String word) {
    String end = word.endsWith("/") ? "" : "(/.*)?";
    StringBuilder pattern = new StringBuilder(".*");
    for (String part : word.split("((?<=\\*)|(?=\\*))")) {
      pattern.append(part.equals("*") ? "[^/]*" : Pattern.quote(part));
    }
    return Pattern.compile(pattern + end);
  }

  /** Those that a rule is about; counts them, so each rule needs one of its own. */
  private static final class Requests implements Predicate<Request> {
    private final Set<String> verbs = new TreeSet<>(READS);
    private Pattern path = Pattern.compile(".*");
    private String cluster = "";
    private long from = 1;
    private long to = Long.MAX_VALUE;
    private Optional<Duration> length = Optional.empty();
    private long turn;
    private Optional<Long> first = Optional.empty();

    Requests() {
      verbs.addAll(WRITES);
    }

    /** Asked once for each request, by one thread at a time. */
    @Override
    public boolean test(Request request) {
      boolean meant =
          verbs.contains(request.verb())
              && (cluster.isEmpty() || cluster.equals(request.cluster()))
              && path.matcher(request.path()).matches();
      if (!meant) {
        return false;
      }
      turn++;
      if (turn < from || turn > to) {
        return false;
      }
      long now = System.nanoTime();
      first = first.or(() -> Optional.of(now));
      return length.isEmpty() || now - first.get() < length.get().toNanos();
    }
  }
}
