package dev.muster.records;

import dev.muster.history.RunEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which runs somebody wants to see; what is empty is not asked for.
 *
 * @param by part of the name or address of who ran it
 * @param result {@code done}, {@code partial}, {@code interrupted} or {@code open}
 * @param cluster a cluster that it was to write to, or the member that a step was about
 * @param step a step that had work, with or without its member
 * @param field part of the name of a field that it was to write
 * @param commit the beginning of its own commit or of that of its topology
 */
public record RunFilter(
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<String> by,
    Optional<String> result,
    Optional<String> cluster,
    Optional<String> step,
    Optional<String> field,
    Optional<String> commit) {

  /** The results that a run may have. */
  public static final List<String> RESULTS = List.of("done", "partial", "interrupted", "open");

  /** Open runs first, then those that ended, newest first; so many of these. */
  public List<RunEntry> of(Archive archive, int limit) {
    List<RunEntry> found = new ArrayList<>();
    List<RunEntry> open = archive.history().openRuns();
    for (int i = open.size() - 1; i >= 0; i--) {
      if (fits(archive, open.get(i))) {
        found.add(open.get(i));
      }
    }
    int left = limit;
    for (RunEntry run : archive.runs()) {
      if (left <= 0) {
        break;
      }
      if (fits(archive, run)) {
        found.add(run);
        left--;
      }
    }
    return List.copyOf(found);
  }

  /** The result of a run, in one word. */
  public static String result(RunEntry run) {
    return run.open() ? "open" : run.trailers().getOrDefault("Result", "");
  }

  private boolean fits(Archive archive, RunEntry run) {
    return since.map(t -> !run.time().isBefore(t)).orElse(true)
        && until.map(t -> !run.time().isAfter(t)).orElse(true)
        && by.map(text -> contains(run.author(), text)).orElse(true)
        && result.map(word -> result(run).equals(word)).orElse(true)
        && commit
            .map(
                id ->
                    run.commit().startsWith(id)
                        || run.trailers().getOrDefault("Topology-Commit", "").startsWith(id))
            .orElse(true)
        && (cluster.isEmpty() && step.isEmpty() && field.isEmpty() || work(archive, run));
  }

  private boolean work(Archive archive, RunEntry run) {
    for (var one : archive.details(run).changeSet().path("steps")) {
      String id = one.path("id").asText();
      if (one.path("decision").asText().equals("run")
          && cluster
              .map(
                  name ->
                      one.path("cluster").asText().equals(name)
                          || one.path("member").asText().equals(name))
              .orElse(true)
          && step.map(name -> id.equals(name) || id.startsWith(name + "[")).orElse(true)
          && field.map(text -> writes(archive, run, id, text)).orElse(true)) {
        return true;
      }
    }
    return false;
  }

  private static boolean writes(Archive archive, RunEntry run, String step, String text) {
    return archive.details(run).events().stream()
        .anyMatch(event -> event.step().equals(step) && contains(event.field().toString(), text));
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
