package dev.muster.history;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevWalk;

/** Moves refs by compare-and-set, and only refs that are what they seem to be. */
final class Refs {
  /** A failing disk does not get better by waiting; a folder that git just removed does. */
  private static final int FAULTS_TOLERATED = 4;

  private final Repository repository;
  private final Duration patience;

  Refs(Repository repository, Duration patience) {
    this.repository = repository;
    this.patience = patience;
  }

  /** Makes the commit that is to follow a tip; empty when there is nothing left to do. */
  interface Next {
    Optional<ObjectId> after(Optional<ObjectId> tip) throws IOException;
  }

  Optional<ObjectId> tip(String name) throws IOException {
    Ref ref = repository.exactRef(name);
    if (ref == null) {
      return Optional.empty();
    }
    if (ref.isSymbolic()) {
      // an update through it would move a branch that belongs to somebody else
      throw MusterException.of(
          name + " is a symbolic ref to " + ref.getTarget().getName() + ", not a branch of muster",
          "remove it with `git symbolic-ref --delete " + name + "`",
          Trouble.WITHOUT);
    }
    return Optional.ofNullable(ref.getObjectId());
  }

  /** Reports what would keep the branch from moving, before anything depends on it. */
  void requireUsable(String branch) throws IOException {
    requireInside(branch);
    tip(branch);
    Collection<String> inTheWay = repository.getRefDatabase().getConflictingNames(branch);
    if (!inTheWay.isEmpty()) {
      throw MusterException.of(
          "git cannot hold " + branch + " beside " + String.join(", ", inTheWay),
          "rename what is in the way, for example with `git branch -m OLD NEW`",
          Trouble.WITHOUT);
    }
    Optional<Path> place = checkedOut(branch);
    if (place.isPresent()) {
      throw MusterException.of(
          "branch " + Repository.shortenRefName(branch) + " is checked out (" + place.get() + ")",
          "muster writes this branch itself; switch that work tree to another one",
          "`git worktree add --detach DIR "
              + Repository.shortenRefName(branch)
              + "` gives the files of a run without holding the branch",
          Trouble.WITHOUT);
    }
  }

  /** The HEAD file of the work tree that has the branch checked out. */
  private Optional<Path> checkedOut(String branch) throws IOException {
    Path common = repository.getCommonDirectory().toPath();
    if (!repository.isBare() && names(common.resolve(Constants.HEAD), branch)) {
      return Optional.of(common.resolve(Constants.HEAD));
    }
    Path worktrees = common.resolve("worktrees");
    if (!Files.isDirectory(worktrees)) {
      return Optional.empty();
    }
    try (var linked = Files.list(worktrees)) {
      for (Path worktree : linked.sorted().toList()) {
        if (names(worktree.resolve(Constants.HEAD), branch)) {
          return Optional.of(worktree.resolve(Constants.HEAD));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean names(Path head, String branch) throws IOException {
    return Files.isRegularFile(head) && Files.readString(head).strip().equals("ref: " + branch);
  }

  /** Refuses a symbolic link below the folders that git itself made: it may lead anywhere. */
  private void requireInside(String name) {
    Path common = repository.getCommonDirectory().toPath();
    for (String top : List.of("", Constants.LOGS + "/")) {
      String base = name.startsWith(Constants.R_HEADS) ? Constants.R_HEADS : Constants.R_REFS;
      Path path = common.resolve(top + base);
      for (String part : name.substring(base.length()).split("/", -1)) {
        path = path.resolve(part);
        if (Files.isSymbolicLink(path)) {
          throw MusterException.of(
              path + " is a symbolic link; muster writes its history into the git directory only",
              "remove the link",
              Trouble.WITHOUT);
        }
      }
    }
  }

  /** Moves a ref to what follows its tip, again and again until nobody was faster. */
  void advance(String name, PersonIdent who, String reflog, Next next) throws IOException {
    move(name, who, reflog, next, false);
  }

  /** The same where what comes next may hold the records of the tip in another place. */
  void replace(String name, PersonIdent who, String reflog, Next next) throws IOException {
    move(name, who, reflog, next, true);
  }

  private void move(String name, PersonIdent who, String reflog, Next next, boolean anew)
      throws IOException {
    Waiting waiting = new Waiting(lock(name), patience);
    Optional<ObjectId> attempted = Optional.empty();
    int faults = 0;
    do {
      try {
        requireInside(name);
        Optional<ObjectId> tip = tip(name);
        if (faults > 0 && attempted.isPresent() && tip.isPresent() && holds(tip, attempted)) {
          return; // the fault came after the ref had moved
        }
        Optional<ObjectId> wanted = next.after(tip);
        if (wanted.isEmpty()) {
          return;
        }
        attempted = wanted;
        RefUpdate.Result result = update(name, tip, wanted.get(), who, reflog, anew);
        if (result == RefUpdate.Result.NEW
            || result == RefUpdate.Result.FAST_FORWARD
            || anew && result == RefUpdate.Result.FORCED) {
          return;
        }
        if (result != RefUpdate.Result.LOCK_FAILURE) {
          throw MusterException.of(
              name + " cannot be moved: git storage answered " + result, Trouble.WITHOUT);
        }
      } catch (IOException e) {
        if (++faults > FAULTS_TOLERATED) {
          throw e;
        }
      }
    } while (waiting.again());
    throw MusterException.of(
        name + " is locked by another process, tried " + waiting.attempts() + " times",
        "when no git process runs any more, remove " + lock(name),
        Trouble.WITHOUT);
  }

  private RefUpdate.Result update(
      String name,
      Optional<ObjectId> from,
      ObjectId to,
      PersonIdent who,
      String reflog,
      boolean anew)
      throws IOException {
    sync();
    RefUpdate update = repository.updateRef(name);
    update.setExpectedOldObjectId(from.orElse(ObjectId.zeroId()));
    update.setNewObjectId(to);
    update.setRefLogIdent(who);
    update.setRefLogMessage(reflog, false);
    update.setForceRefLog(true);
    update.setForceUpdate(anew);
    return update.update();
  }

  /** Removes a ref that still has the expected value; tells whether it is gone. */
  boolean delete(String name, ObjectId expected) throws IOException {
    requireInside(name);
    Waiting waiting = new Waiting(lock(name), patience);
    int faults = 0;
    do {
      Optional<ObjectId> tip = tip(name);
      if (!tip.equals(Optional.of(expected))) {
        return tip.isEmpty();
      }
      RefUpdate update = repository.updateRef(name);
      update.setExpectedOldObjectId(expected);
      update.setForceUpdate(true);
      try {
        if (update.delete() == RefUpdate.Result.FORCED) {
          return true;
        }
      } catch (IOException e) {
        if (++faults > FAULTS_TOLERATED) {
          throw e;
        }
      }
    } while (waiting.again());
    return false;
  }

  /**
   * Lets JGit write through to the disk: an intent must outlive a power failure. The configuration
   * is changed in memory only, and anew each time because JGit may have read the file again.
   */
  void sync() {
    StoredConfig config = repository.getConfig();
    config.setBoolean("core", null, "fsyncObjectFiles", true);
    config.setBoolean("core", null, "fsyncRefFiles", true);
  }

  private boolean holds(Optional<ObjectId> tip, Optional<ObjectId> commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.isMergedInto(
          walk.parseCommit(commit.orElseThrow()), walk.parseCommit(tip.orElseThrow()));
    }
  }

  private Path lock(String name) {
    return repository.getCommonDirectory().toPath().resolve(name + ".lock");
  }
}
