package dev.muster.history;

import dev.muster.apply.RunRecorder;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Writes the beginning and the end of runs. */
final class Recording {
  /** Open records of all topologies of a repository share one place, so each says whose it is. */
  private static final String TOPOLOGY = "Topology";

  private static final String RESULT = "Result";

  private final Repository repository;
  private final String topology;
  private final String branch;
  private final Refs refs;
  private final Log log;
  private final Commits commits;

  Recording(Repository repository, String topology, Refs refs, Log log, Commits commits) {
    this.commits = commits;
    this.repository = repository;
    this.topology = topology;
    this.branch = RefNames.branch(topology);
    this.refs = refs;
    this.log = log;
  }

  RunRecorder.OpenRun begin(
      String runId, String summary, Map<String, String> files, Map<String, String> trailers)
      throws IOException {
    String open = RefNames.open(runId);
    Trees.check(files);
    refs.requireUsable(branch);
    Map<String, String> all = new LinkedHashMap<>(trailers);
    all.put(TOPOLOGY, topology);
    PersonIdent who = Repositories.committer(repository.getConfig());
    ObjectId tree = commits.tree(files);
    ObjectId commit = commits.intent(tree, refs.tip(branch), message(runId, summary, all));
    refs.advance(
        open,
        who,
        "muster: begin run",
        tip -> {
          if (tip.isPresent()) {
            throw MusterException.of("run " + runId + " has begun already");
          }
          return Optional.of(commit);
        });
    return new Begun(this, runId, commit);
  }

  /** A run at work in this process. */
  private static final class Begun implements RunRecorder.OpenRun {
    private final Recording recording;
    private final String runId;
    private final ObjectId commit;
    private boolean finished;

    Begun(Recording recording, String runId, ObjectId commit) {
      this.recording = recording;
      this.runId = runId;
      this.commit = commit;
    }

    /** Whoever comes first, the end of the work or a signal, writes the entry. */
    @Override
    public synchronized void finish(
        String summary, Map<String, String> files, Map<String, String> trailers) {
      if (finished) {
        return;
      }
      GitHistory.writing(
          "the end of run " + runId + " cannot be recorded, it stays open for the next run",
          () -> {
            recording.finish(runId, commit, summary, files, trailers);
            return true;
          });
      finished = true;
    }
  }

  private void finish(
      String runId,
      ObjectId begun,
      String summary,
      Map<String, String> files,
      Map<String, String> trailers)
      throws IOException {
    Trees.check(files);
    ObjectId tree = commits.tree(files);
    Message message = message(runId, summary, trailers);
    PersonIdent who = Repositories.committer(repository.getConfig());
    // when somebody took this run for dead and closed it, the truth follows as a second entry
    refs.advance(
        branch, who, "muster: run", tip -> Optional.of(commits.ending(tree, tip, message)));
    tidy(RefNames.open(runId), begun);
  }

  List<RunRecorder.Interrupted> interrupted() throws IOException {
    record Open(int time, RunRecorder.Interrupted run) {}
    List<Open> found = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      for (Ref ref : repository.getRefDatabase().getRefsByPrefix(RefNames.OPEN)) {
        String runId = ref.getName().substring(RefNames.OPEN.length());
        RevCommit commit = begun(walk, ref);
        Message message = Message.parse(commit.getFullMessage());
        if (!mine(commit)) {
          continue;
        }
        if (ended(walk, runId, commit, refs.tip(branch))) {
          tidy(ref.getName(), commit);
          continue;
        }
        String time = Instant.ofEpochSecond(commit.getCommitTime()).toString();
        found.add(
            new Open(
                commit.getCommitTime(),
                new RunRecorder.Interrupted(runId, time, message.summary())));
      }
    }
    return found.stream()
        .sorted(Comparator.comparingInt(Open::time).thenComparing(open -> open.run().runId()))
        .map(Open::run)
        .toList();
  }

  void closeInterrupted(String runId, String summary) throws IOException {
    String open = RefNames.open(runId);
    Optional<ObjectId> id = refs.tip(open);
    if (id.isEmpty()) {
      return; // somebody else was faster
    }
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit begun = walk.parseCommit(id.get());
      Map<String, String> trailers =
          new LinkedHashMap<>(Message.parse(begun.getFullMessage()).trailers());
      trailers.remove(TOPOLOGY);
      trailers.remove(Message.RUN_ID);
      trailers.put(RESULT, "interrupted");
      Message message = message(runId, summary, trailers);
      PersonIdent who = Repositories.committer(repository.getConfig());
      refs.advance(
          branch,
          who,
          "muster: close interrupted run",
          tip ->
              ended(walk, runId, begun, tip)
                  ? Optional.empty()
                  : Optional.of(commits.ending(begun.getTree(), tip, message)));
      tidy(open, begun);
    }
  }

  private static RevCommit begun(RevWalk walk, Ref ref) throws IOException {
    try {
      return walk.parseCommit(ref.getObjectId());
    } catch (IOException e) {
      MusterException damaged =
          MusterException.of(
              "open run " + ref.getName() + " is damaged",
              "`git update-ref -d " + ref.getName() + "` gives it up",
              Trouble.WITHOUT);
      damaged.initCause(e);
      throw damaged;
    }
  }

  /** Whether the branch got the entry of the run after the run had begun. */
  private boolean ended(RevWalk walk, String runId, RevCommit begun, Optional<ObjectId> tip)
      throws IOException {
    if (tip.isEmpty()) {
      return false;
    }
    walk.parseHeaders(begun);
    Optional<ObjectId> since =
        begun.getParentCount() == 0 ? Optional.empty() : Optional.of(begun.getParent(0).copy());
    return log.contains(tip.get(), since, runId);
  }

  /** Removes an open record whose entry exists; what fails here is done by the next run. */
  private void tidy(String open, ObjectId expected) {
    try {
      refs.delete(open, expected);
    } catch (IOException e) {
      // the entry is safe on the branch, and interrupted() knows a run that has ended
    }
  }

  private Message message(String runId, String summary, Map<String, String> trailers) {
    Map<String, String> all = new LinkedHashMap<>(trailers);
    all.remove(Message.RUN_ID);
    all.put(Message.RUN_ID, runId);
    return Message.of(summary, all);
  }

  /** The open records of this topology, oldest first; tells nothing of who is at work. */
  List<RunEntry> open() throws IOException {
    List<RunEntry> found = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      for (Ref ref : repository.getRefDatabase().getRefsByPrefix(RefNames.OPEN)) {
        RevCommit commit = begun(walk, ref);
        String runId = ref.getName().substring(RefNames.OPEN.length());
        if (mine(commit) && !ended(walk, runId, commit, refs.tip(branch))) {
          Log.entry(commit, true).ifPresent(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(RunEntry::time).thenComparing(RunEntry::runId));
    return List.copyOf(found);
  }

  /** Whether a commit is the beginning of a run of this topology. */
  boolean mine(RevCommit commit) {
    return Message.line(topology)
        .equals(Message.parse(commit.getFullMessage()).trailers().get(TOPOLOGY));
  }

  /** Whether the run of an open record has its entry on the branch. */
  boolean over(RevWalk walk, String runId, RevCommit begun) throws IOException {
    return ended(walk, runId, begun, refs.tip(branch));
  }
}
