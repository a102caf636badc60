package dev.muster.history;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;

/**
 * Keeps the history of a topology the same here and in another repository. What only one of them
 * has goes to the other; where both have records of their own, those of here follow those of there,
 * and nothing there is ever moved by force.
 */
final class Sharing {
  private static final int ATTEMPTS = 6;

  private final Repository repository;
  private final String branch;
  private final Refs refs;
  private final Recording recording;
  private final Commits commits;
  private final Remote remote;

  Sharing(
      Repository repository,
      String branch,
      Refs refs,
      Recording recording,
      Commits commits,
      Remote remote) {
    this.repository = repository;
    this.branch = branch;
    this.refs = refs;
    this.recording = recording;
    this.commits = commits;
    this.remote = remote;
  }

  Remote remote() {
    return remote;
  }

  /**
   * Takes in what the other repository has.
   *
   * @return its refs
   */
  Map<String, ObjectId> fetch() throws IOException {
    refs.requireUsable(branch);
    Map<String, ObjectId> there = remote.refs();
    List<RefSpec> wanted = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (String name : there.keySet()) {
      if (name.equals(branch)) {
        wanted.add(new RefSpec("+" + branch + ":" + tracking()));
      } else if (name.startsWith(RefNames.OPEN) && repository.exactRef(name) == null) {
        RefNames.open(name.substring(RefNames.OPEN.length()));
        wanted.add(new RefSpec(name + ":" + name));
        open.add(name);
      }
    }
    if (!wanted.isEmpty()) {
      refs.sync();
      remote.fetch(wanted, 0);
    }
    forgetOthers(open);
    Optional<ObjectId> tip = Optional.ofNullable(there.get(branch));
    if (tip.isPresent()) {
      follow(tip.get());
    }
    return there;
  }

  /** Open records of other topologies are theirs; without their branch nobody here ends them. */
  private void forgetOthers(List<String> open) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      for (String name : open) {
        Ref ref = repository.exactRef(name);
        if (ref != null && !recording.mine(walk.parseCommit(ref.getObjectId()))) {
          refs.delete(name, ref.getObjectId());
        }
      }
    }
  }

  private String tracking() {
    return remote
        .configured()
        .map(name -> Constants.R_REMOTES + name + "/" + Repository.shortenRefName(branch))
        .orElse("refs/muster/fetched/" + branch.substring(RefNames.BRANCHES.length()));
  }

  /** Puts the records that only this repository has after those of the other one. */
  private void follow(ObjectId there) throws IOException {
    PersonIdent who = Repositories.committer(repository.getConfig());
    refs.replace(
        branch,
        who,
        "muster: follow " + remote.shown(),
        tip -> {
          if (tip.isEmpty()) {
            return Optional.of(there);
          }
          try (RevWalk walk = new RevWalk(repository)) {
            RevCommit here = walk.parseCommit(tip.get());
            RevCommit other = walk.parseCommit(there);
            if (walk.isMergedInto(other, here)) {
              return Optional.empty();
            }
            if (walk.isMergedInto(here, other)) {
              return Optional.of(there);
            }
            ObjectId parent = there;
            for (RevCommit record : own(here, other)) {
              parent = commits.moved(record, parent);
            }
            return Optional.of(parent);
          }
        });
  }

  /** Oldest first. */
  private List<RevCommit> own(RevCommit here, RevCommit there) throws IOException {
    Deque<RevCommit> own = new ArrayDeque<>();
    try (RevWalk walk = new RevWalk(repository)) {
      walk.setFirstParent(true);
      walk.markStart(walk.parseCommit(here));
      walk.markUninteresting(walk.parseCommit(there));
      for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
        own.push(commit);
      }
    }
    return List.copyOf(own);
  }

  /**
   * Brings everything that the other repository lacks there, again and again while others are
   * faster, but not for ever.
   *
   * @throws IOException when it did not come to an end; nothing is lost, the next run goes on
   */
  void push() throws IOException {
    Map<String, String> refused = Map.of();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Map<String, ObjectId> updates = updates(fetch());
      if (updates.isEmpty()) {
        return;
      }
      refused = remote.push(updates);
      // a host may keep refs outside of refs/heads for itself; the branch is what counts
      refused.keySet().removeIf(name -> !name.equals(branch));
      if (refused.isEmpty()) {
        return;
      }
      pause(attempt);
    }
    throw new IOException(
        remote.shown() + " does not take " + branch + ": " + String.join(", ", refused.values()));
  }

  private Map<String, ObjectId> updates(Map<String, ObjectId> there) throws IOException {
    Map<String, ObjectId> updates = new TreeMap<>();
    Optional<ObjectId> tip = refs.tip(branch);
    if (tip.isPresent() && !tip.get().equals(there.get(branch))) {
      updates.put(branch, tip.get());
    }
    try (RevWalk walk = new RevWalk(repository)) {
      for (Ref ref : repository.getRefDatabase().getRefsByPrefix(RefNames.OPEN)) {
        RevCommit begun = walk.parseCommit(ref.getObjectId());
        String runId = ref.getName().substring(RefNames.OPEN.length());
        if (recording.mine(begun)
            && !there.containsKey(ref.getName())
            && !recording.over(walk, runId, begun)) {
          updates.put(ref.getName(), begun.copy());
        }
      }
      for (Map.Entry<String, ObjectId> ref : there.entrySet()) {
        if (ref.getKey().startsWith(RefNames.OPEN) && ended(walk, ref)) {
          updates.put(ref.getKey(), ObjectId.zeroId());
        }
      }
    }
    return updates;
  }

  /** Whether an open record there is of a run of ours that has its entry here. */
  private boolean ended(RevWalk walk, Map.Entry<String, ObjectId> ref) throws IOException {
    if (!repository.getObjectDatabase().has(ref.getValue())) {
      return false;
    }
    RevCommit begun = walk.parseCommit(ref.getValue());
    return recording.mine(begun)
        && recording.over(walk, ref.getKey().substring(RefNames.OPEN.length()), begun);
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(100L * attempt) + 20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the record of an interrupted run is shared as well
    }
  }
}
