package dev.muster.session;

import dev.muster.history.Checkouts;
import dev.muster.history.GitHistory;
import dev.muster.history.GitSource;
import dev.muster.history.RunEntry;
import dev.muster.history.TextDiff;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretLoader;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Going back to what a run declared: an ordinary plan and apply of the topology and the plan in its
 * record. The topology file stays as it is unless it is to be written; as long as it says what was
 * rolled back, nothing goes forward to it by itself.
 */
public final class Rollback {
  private static final String TO = "Rollback";
  private static final String FROM = "Rollback-From";

  private final Path file;
  private final String present;
  private final RunEntry target;
  private final String topology;
  private final KeptPlan plan;
  private final List<RunEntry> since;
  private final boolean writes;

  private Rollback(
      Path file,
      String present,
      RunEntry target,
      String topology,
      KeptPlan plan,
      List<RunEntry> since,
      boolean writes) {
    this.file = file;
    this.present = present;
    this.target = target;
    this.topology = topology;
    this.plan = plan;
    this.since = List.copyOf(since);
    this.writes = writes;
  }

  /**
   * Reads what a run declared.
   *
   * @param file the topology as it is now; only its name has to be right
   * @param run a run id or commit, or the beginning of one
   * @param writes whether the file is to get the old text
   * @throws MusterException when there is no such record, or when a text that exists nowhere else
   *     would be overwritten
   */
  public static Rollback to(Path file, String run, boolean writes) {
    String present = Loader.read(file, "topology");
    String name =
        YamlReader.read(file.toString(), present, new Problems())
            .flatMap(node -> node.at("/metadata/name"))
            .map(node -> node.json().asText())
            .filter(text -> !text.isEmpty())
            .orElseThrow(
                () ->
                    MusterException.of(
                        file + " does not say which topology it is",
                        "a rollback needs at least its metadata.name"));
    try (GitHistory history =
        GitHistory.find(file, name)
            .orElseThrow(
                () ->
                    MusterException.of(
                        file + " is in no git repository, so nothing is remembered"))) {
      RunEntry target =
          history
              .run(run)
              .orElseThrow(
                  () ->
                      MusterException.of(
                          "no run is called \"" + run + "\"", "muster history lists them"));
      List<RunEntry> since =
          history.runs(Integer.MAX_VALUE).stream()
              .takeWhile(entry -> !entry.commit().equals(target.commit()))
              .toList();
      Rollback rollback =
          new Rollback(
              file,
              present,
              target,
              of(history, target, "topology.yaml"),
              new KeptPlan(
                  of(history, target, "plan.yaml"), history.file(target, RunRecord.MANIFEST)),
              since,
              writes);
      if (writes) {
        if (Checkouts.of(file).isPresent()) {
          throw MusterException.of(
              "--write-file is for a file, and the topology is that of a commit",
              "go back there too: git revert, or git checkout an old version and commit it");
        }
        rollback.requireKept(history);
      }
      return rollback;
    }
  }

  private static String of(GitHistory history, RunEntry run, String path) {
    return history
        .file(run, path)
        .orElseThrow(
            () -> MusterException.of("the record of run " + run.runId() + " has no " + path));
  }

  /** Refuses where nobody could get back the text that the file has now. */
  private void requireKept(GitHistory history) {
    boolean kept =
        present.equals(topology)
            || GitSource.of(file).state() == GitSource.State.COMMITTED
            || since.stream()
                .anyMatch(run -> history.file(run, "topology.yaml").orElse("").equals(present));
    if (!kept) {
      throw MusterException.of(
          file + " has a text that no commit and no run has; --write-file would lose it",
          "commit it, or put it aside, or roll back without --write-file");
    }
  }

  /** The old declaration; relative paths are relative to where the file is now. */
  public Loader.Loaded load(SecretLoader secrets) {
    return Loader.load(file, topology, plan, secrets);
  }

  /** The run that is gone back to. */
  public RunEntry target() {
    return target;
  }

  /** What is gone back to, and how the file says otherwise. */
  public String heading() {
    StringBuilder text = new StringBuilder();
    text.append("rollback to run ").append(target.runId()).append(" (").append(target.summary());
    text.append(")\n  by ").append(target.author());
    text.append("\n  ended ").append(target.time());
    if (!commit().equals("none")) {
      text.append(", topology at commit ").append(commit(), 0, 10);
    }
    text.append("\n\n");
    String difference = TextDiff.unified(name(), present, target.runId() + "/" + name(), topology);
    text.append(difference.isEmpty() ? file + " says the same already\n" : difference);
    return text.append('\n').toString();
  }

  private String name() {
    return String.valueOf(file.getFileName());
  }

  private String commit() {
    return target.trailers().getOrDefault("Topology-Commit", "none");
  }

  /** What it does not undo. */
  public String limits(Loader.Loaded loaded) {
    Set<String> then = members(loaded);
    Set<String> now = named(present);
    List<String> limits = new ArrayList<>();
    String rotations =
        since.stream()
            .filter(run -> run.trailers().containsKey("Rotation"))
            .map(run -> run.trailers().get("Rotation") + " (run " + run.runId() + ")")
            .collect(Collectors.joining(", "));
    limits.add("secrets that were generated keep their values");
    if (!rotations.isEmpty()) {
      limits.add("what was rotated since stays rotated: " + rotations);
    }
    limits.add("values from files, variables, programs and Secrets are today's; so are manifests");
    limits.add("restarts, and versions of what was installed or upgraded since");
    String gone = then.stream().filter(m -> !now.contains(m)).collect(Collectors.joining(", "));
    if (!gone.isEmpty()) {
      limits.add("what members lost when they left; they are joined anew: " + gone);
    }
    String added = now.stream().filter(m -> !then.contains(m)).collect(Collectors.joining(", "));
    if (!added.isEmpty()) {
      limits.add(
          "that members joined since, unless they are to leave: --prune, and --max-remove"
              + " for many ("
              + added
              + ")");
    }
    return "what a rollback does not undo:\n"
        + limits.stream().map(limit -> "  - " + limit + "\n").collect(Collectors.joining())
        + reminder().map(text -> "note: " + text + "\n").orElse("");
  }

  private static Set<String> members(Loader.Loaded loaded) {
    return loaded.topology().members().stream()
        .filter(member -> !member.absent())
        .map(ClusterDeclaration::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> named(String text) {
    Set<String> names = new TreeSet<>();
    YamlReader.read("topology.yaml", text, new Problems())
        .flatMap(node -> node.at("/spec/members"))
        .map(YamlNode::json)
        .ifPresent(
            members ->
                members.forEach(
                    member -> {
                      if (!member.path("state").asText().equals("absent")) {
                        names.add(member.path("name").asText());
                      }
                    }));
    return names;
  }

  /** What is left to do with the file, unless it is written. */
  public Optional<String> reminder() {
    return writes || present.equals(topology)
        ? Optional.empty()
        : Optional.of(
            name()
                + " still declares what this takes back; --write-file puts the old text\n"
                + "      there. Until it changes, `apply --yes` goes forward to it with --forward only");
  }

  /** Puts the old text into the file, exactly as it was recorded, when that is wanted. */
  public Optional<String> write() {
    if (!writes || present.equals(topology)) {
      return Optional.empty();
    }
    if (!Loader.read(file, "topology").equals(present)) {
      throw MusterException.of(
          file + " has changed meanwhile, so it is not written", "run the same command again");
    }
    WholeFile.replace(file, topology);
    return Optional.of(
        file + " is as run " + target.runId() + " had it; commit it: git commit -- " + name());
  }

  /** What the record says of it. */
  Map<String, String> trailers() {
    Map<String, String> trailers = new LinkedHashMap<>();
    trailers.put("Topology-Commit", commit());
    trailers.put(TO, target.runId());
    trailers.put(FROM, GitHistory.textId(present));
    return trailers;
  }

  /**
   * Whether the last run took back the very declaration that is about to be applied.
   *
   * @return what to say then
   */
  public static Optional<Problem> takenBack(GitHistory history, Loader.Loaded loaded) {
    List<RunEntry> open = history.openRuns();
    return Stream.concat(
            open.stream().skip(Math.max(0, open.size() - 1L)), history.latest().stream())
        .findFirst()
        .filter(
            run ->
                GitHistory.textId(loaded.topologyText()).equals(run.trailers().get(FROM))
                    && run.trailers().containsKey(TO))
        .map(
            run ->
                Problem.error(
                    Where.nowhere(),
                    "run "
                        + run.runId()
                        + " of "
                        + run.author()
                        + " rolled back what "
                        + loaded.file()
                        + " declares, to run "
                        + run.trailers().get(TO),
                    "put the old declaration there: muster rollback "
                        + run.trailers().get(TO)
                        + " --write-file",
                    "change the file, or go forward to it again: muster apply --yes --forward"));
  }
}
