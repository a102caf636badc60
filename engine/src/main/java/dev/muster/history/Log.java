package dev.muster.history;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Walks the commits of a branch, newest first; commits without a run id are not runs. */
final class Log {
  private static final int SHORTEST_COMMIT_PREFIX = 4;
  private static final int CANDIDATES_NAMED = 10;

  private final Repository repository;

  Log(Repository repository) {
    this.repository = repository;
  }

  /** What to do with a run; false ends the walk. */
  private interface Visitor {
    boolean visit(RunEntry entry);
  }

  List<RunEntry> newest(ObjectId tip, int limit) throws IOException {
    List<RunEntry> entries = new ArrayList<>();
    if (limit > 0) {
      walk(
          tip,
          Optional.empty(),
          entry -> {
            entries.add(entry);
            return entries.size() < limit;
          });
    }
    return List.copyOf(entries);
  }

  /** Whether a run has its entry among the commits that came after {@code since}. */
  boolean contains(ObjectId tip, Optional<ObjectId> since, String runId) throws IOException {
    boolean[] found = {false};
    walk(
        tip,
        since,
        entry -> {
          found[0] = entry.runId().equals(runId);
          return !found[0];
        });
    return found[0];
  }

  /** The newest run of that id, else the only one that a prefix of a run or commit id names. */
  Optional<RunEntry> find(Optional<ObjectId> tip, List<RunEntry> open, String prefix)
      throws IOException {
    String commit = prefix.toLowerCase(Locale.ROOT);
    Map<String, RunEntry> byPrefix = new LinkedHashMap<>();
    List<RunEntry> exact = new ArrayList<>();
    int[] more = {0};
    Visitor visitor =
        entry -> {
          if (entry.runId().equals(prefix)) {
            exact.add(entry);
            return false;
          }
          if (entry.runId().startsWith(prefix)
              || (commit.length() >= SHORTEST_COMMIT_PREFIX && entry.commit().startsWith(commit))) {
            if (byPrefix.size() < CANDIDATES_NAMED) {
              byPrefix.putIfAbsent(entry.runId(), entry);
            } else if (!byPrefix.containsKey(entry.runId())) {
              more[0]++;
            }
          }
          return true;
        };
    if (tip.isPresent()) {
      walk(tip.get(), Optional.empty(), visitor);
    }
    for (RunEntry entry : open) {
      if (exact.isEmpty()) {
        visitor.visit(entry);
      }
    }
    if (!exact.isEmpty()) {
      return Optional.of(exact.get(0));
    }
    if (byPrefix.size() > 1) {
      throw ambiguous(prefix, byPrefix.values().stream().toList(), more[0]);
    }
    return byPrefix.values().stream().findFirst();
  }

  private static MusterException ambiguous(String prefix, List<RunEntry> runs, int more) {
    List<String> hints = new ArrayList<>();
    for (RunEntry run : runs) {
      hints.add(
          run.runId()
              + " ("
              + run.commit().substring(0, 10)
              + ", "
              + run.time()
              + "): "
              + run.summary());
    }
    if (more > 0) {
      hints.add("and " + more + " more");
    }
    return MusterException.of(
        "\"" + Message.line(prefix) + "\" names more than one run", hints.toArray(String[]::new));
  }

  private void walk(ObjectId tip, Optional<ObjectId> since, Visitor visitor) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      walk.setFirstParent(true);
      walk.markStart(walk.parseCommit(tip));
      if (since.isPresent()) {
        walk.markUninteresting(walk.parseCommit(since.get()));
      }
      for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
        Optional<RunEntry> entry = entry(commit, false);
        commit.disposeBody(); // a walk keeps its commits; years of messages would add up
        if (entry.isPresent() && !visitor.visit(entry.get())) {
          return;
        }
      }
    }
  }

  /** What a commit says of a run; empty for a commit of another kind. */
  static Optional<RunEntry> entry(RevCommit commit, boolean open) {
    Message message = Message.parse(commit.getFullMessage());
    Map<String, String> trailers = new LinkedHashMap<>(message.trailers());
    String runId = trailers.remove(Message.RUN_ID);
    if (runId == null || runId.isEmpty()) {
      return Optional.empty();
    }
    PersonIdent author = commit.getAuthorIdent();
    return Optional.of(
        new RunEntry(
            runId,
            commit.name(),
            Instant.ofEpochSecond(commit.getCommitTime()),
            Message.line(author.getName() + " <" + author.getEmailAddress() + ">"),
            message.summary(),
            message.body(),
            trailers,
            commit.getRawGpgSignature() != null,
            open));
  }
}
