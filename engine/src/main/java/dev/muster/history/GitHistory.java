package dev.muster.history;

import dev.muster.apply.RunRecorder;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The runs of one topology, kept in the git repository that holds its file: a run that began is a
 * ref below {@code refs/muster/open/}, a run that ended is one commit on the branch {@code
 * muster/<topology>}. Safe for use by several threads and processes at once. Every method throws
 * {@link MusterException} when the repository is damaged, locked or cannot be written.
 *
 * <p>Commits are not signed, even when {@code commit.gpgSign} is set: signing would start programs
 * and ask for passphrases in the middle of a run. {@link #warnings()} says so.
 */
public final class GitHistory implements RunRecorder, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Repository repository;
  private final String branch;
  private final Refs refs;
  private final Log log;
  private final Recording recording;

  GitHistory(Repository repository, String topology, Duration patience) {
    this.repository = repository;
    this.branch = RefNames.branch(topology);
    this.refs = new Refs(repository, patience);
    this.log = new Log(repository);
    this.recording = new Recording(repository, topology, refs, log);
  }

  /**
   * Opens the history in the repository around the topology file: a work tree (also a linked one or
   * a submodule) or a bare repository; empty when no repository encloses the file.
   */
  public static Optional<GitHistory> find(Path topologyFile, String topologyName) {
    return find(topologyFile, topologyName, PATIENCE);
  }

  static Optional<GitHistory> find(Path topologyFile, String topologyName, Duration patience) {
    return Repositories.enclosing(topologyFile)
        .map(repository -> new GitHistory(repository, topologyName, patience));
  }

  /** The branch's name as git shows it. */
  public String branch() {
    return Repository.shortenRefName(branch);
  }

  /** What the user's configuration asks for and this history does not do. */
  public List<Problem> warnings() {
    return repository.getConfig().getBoolean("commit", null, "gpgSign", false)
        ? List.of(
            Problem.warning(
                Where.nowhere(),
                "commit.gpgSign is set, but muster does not sign the commits of its history yet"))
        : List.of();
  }

  /**
   * Stores the intent. On return it is on disk; when this throws, nothing was recorded and nothing
   * may be written to a cluster.
   */
  @Override
  public OpenRun begin(
      String runId, String summary, Map<String, String> files, Map<String, String> trailers) {
    return writing(
        "run " + Message.line(runId) + " cannot be recorded",
        () -> recording.begin(runId, summary, files, trailers));
  }

  /**
   * Runs of this topology that began and never ended, oldest first; a run that is still at work is
   * among them, so ask while holding the lock of the topology. Removes what a crash left of runs
   * that did end.
   */
  @Override
  public List<Interrupted> interrupted() {
    return writing("open runs cannot be read", recording::interrupted);
  }

  /** Adds an entry with the files of the beginning and {@code Result: interrupted}. */
  @Override
  public void closeInterrupted(Interrupted run, String summary) {
    writing(
        "interrupted run " + Message.line(run.runId()) + " cannot be closed",
        () -> {
          recording.closeInterrupted(run.runId(), summary);
          return true;
        });
  }

  /** The runs that ended, newest first. */
  public List<RunEntry> runs(int limit) {
    return reading(
        () -> {
          var tip = refs.tip(branch);
          return tip.isEmpty() ? List.of() : log.newest(tip.get(), limit);
        });
  }

  public Optional<RunEntry> latest() {
    return runs(1).stream().findFirst();
  }

  /**
   * The run that a run id, or a prefix of a run id or of a commit id, names.
   *
   * @throws MusterException naming the candidates when the prefix fits several runs
   */
  public Optional<RunEntry> run(String idPrefix) {
    if (idPrefix.isBlank()) {
      return Optional.empty();
    }
    return reading(
        () -> {
          var tip = refs.tip(branch);
          return tip.isEmpty() ? Optional.empty() : log.find(tip.get(), idPrefix.strip());
        });
  }

  /** All files of a run by path. */
  public Map<String, String> files(RunEntry run) {
    return reading(
        () -> {
          try (RevWalk walk = new RevWalk(repository)) {
            return Trees.read(walk.getObjectReader(), commit(walk, run).getTree());
          }
        });
  }

  /** One file of a run; cheaper than all when walking back through many runs. */
  public Optional<String> file(RunEntry run, String path) {
    return reading(
        () -> {
          try (RevWalk walk = new RevWalk(repository)) {
            return Trees.read(walk.getObjectReader(), commit(walk, run).getTree(), path);
          }
        });
  }

  /** All files of the run before; empty when this was the first. */
  public Optional<Map<String, String>> previousFiles(RunEntry run) {
    return reading(
        () -> {
          try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = commit(walk, run);
            if (commit.getParentCount() == 0) {
              return Optional.empty();
            }
            ObjectReader reader = walk.getObjectReader();
            return Optional.of(Trees.read(reader, walk.parseCommit(commit.getParent(0)).getTree()));
          }
        });
  }

  @Override
  public void close() {
    repository.close();
  }

  private RevCommit commit(RevWalk walk, RunEntry run) throws IOException {
    return walk.parseCommit(ObjectId.fromString(run.commit()));
  }

  private <T> T reading(Trouble.Work<T> work) {
    return Trouble.translated("the history on branch " + branch() + " cannot be read", work);
  }

  /**
   * An interrupt would close the files under JGit's hands and lose the record of the very run that
   * is being interrupted, so it waits until the record is written.
   */
  static <T> T writing(String doing, Trouble.Work<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      return Trouble.translated(doing, work);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
