package dev.muster.history;

import dev.muster.apply.RunRecorder;
import dev.muster.problem.MusterException;
import dev.muster.resource.OwnVariables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.util.SystemReader;

/**
 * The runs of one topology, kept in the git repository that holds its file: a run that began is a
 * ref below {@code refs/muster/open/}, a run that ended is one commit on the branch {@code
 * muster/<topology>}. Safe for use by several threads and processes at once. Every method throws
 * {@link MusterException} when the repository is damaged, locked or cannot be written.
 *
 * <p>Commits are signed where {@code commit.gpgSign} is set, by the program that git would start.
 * When that does not sign, a run does not begin; one that has begun is recorded all the same.
 */
public final class GitHistory implements RunRecorder, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Repository repository;
  private final String branch;
  private final Refs refs;
  private final Log log;
  private final Commits commits;
  private final Recording recording;
  private Optional<Sharing> sharing = Optional.empty();

  GitHistory(Repository repository, String topology, Duration patience) {
    this.repository = repository;
    this.branch = RefNames.branch(topology);
    this.refs = new Refs(repository, patience);
    this.log = new Log(repository);
    this.commits = new Commits(repository, refs);
    this.recording = new Recording(repository, topology, refs, log, commits);
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

  /** The id that git gives a text; equal ids, equal texts. */
  public static String textId(String text) {
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
      return formatter.idFor(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8)).name();
    }
  }

  /** The branch's name as git shows it. */
  public String branch() {
    return Repository.shortenRefName(branch);
  }

  /** What there is to tell of the records that were written since the last call. */
  public List<String> notes() {
    return commits.notes();
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

  /**
   * The runs of this topology that have begun and not ended, oldest first: at work, or interrupted.
   */
  public List<RunEntry> openRuns() {
    return reading(recording::open);
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
   * The run, ended or open, that a run id, or a prefix of a run id or of a commit id, names.
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
          List<RunEntry> open = recording.open();
          return log.find(tip, open, idPrefix.strip());
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

  /** The paths of a run's files, each with the id of its content: equal ids, equal texts. */
  public Map<String, String> paths(RunEntry run) {
    return reading(
        () -> {
          try (RevWalk walk = new RevWalk(repository)) {
            return Trees.paths(walk.getObjectReader(), commit(walk, run).getTree());
          }
        });
  }

  /**
   * A commit of the repository, such as the one that a run was planned from; empty when it is not
   * here (another repository's, or left out of a shallow clone).
   */
  public Optional<Origin> origin(String commit) {
    if (!ObjectId.isId(commit)) {
      return Optional.empty();
    }
    return reading(
        () -> {
          try (RevWalk walk = new RevWalk(repository)) {
            return Optional.of(Origin.of(walk.parseCommit(ObjectId.fromString(commit))));
          } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.empty();
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

  /**
   * Shares this history with another repository from now on: the one named here, else by the
   * variable {@code MUSTER_PUSH}, else by the key {@code muster.push} of git's configuration.
   *
   * @param named a remote of the configuration, a path or a URL; "none" shares with nobody
   * @return the other repository as it may be shown; empty when there is none
   */
  public Optional<String> share(Optional<String> named) {
    String name =
        named
            .or(() -> Optional.ofNullable(SystemReader.getInstance().getenv(OwnVariables.PUSH)))
            .or(() -> Optional.ofNullable(repository.getConfig().getString("muster", null, "push")))
            .map(String::strip)
            .orElse("");
    sharing =
        name.isEmpty() || name.equals("none")
            ? Optional.empty()
            : Optional.of(
                new Sharing(
                    repository, branch, refs, recording, commits, new Remote(repository, name)));
    return sharing.map(Sharing::remote).map(Remote::shown);
  }

  /**
   * Takes in the records of the repository that this history is shared with, if there is one.
   *
   * @return what went wrong, without any credential; nothing here depends on it
   */
  public Optional<String> fetch() {
    return told("cannot be fetched from ", Sharing::fetch);
  }

  /** Brings records there, also those that earlier runs could not; told like {@link #fetch}. */
  public Optional<String> push() {
    return told(
        "cannot be pushed to ",
        sharing -> {
          sharing.push();
          return Map.of();
        });
  }

  private interface Exchange {
    Object with(Sharing sharing) throws IOException;
  }

  private Optional<String> told(String what, Exchange exchange) {
    if (sharing.isEmpty()) {
      return Optional.empty();
    }
    String doing = "the history " + what + sharing.get().remote().shown();
    try {
      writing(doing, () -> exchange.with(sharing.get()));
      return Optional.empty();
    } catch (MusterException e) {
      return Optional.of(Remote.withoutCredentials(e.problems().get(0).message()));
    }
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
