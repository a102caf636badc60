package dev.muster.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Which commit a topology file comes from. Filters and hooks of the repository are not run, so a
 * file that git stores in another form (LFS, encryption) counts as changed; line ends do not.
 *
 * @param commit the full id of the commit that HEAD points to; empty outside of git and before the
 *     first commit
 */
public record GitSource(Optional<String> commit, State state) {
  /** How the file relates to the commit. */
  public enum State {
    /** The file is as committed. */
    COMMITTED,
    /** The commit has another version of the file. */
    CHANGED,
    /** No commit has the file. */
    UNTRACKED
  }

  private static final GitSource NONE = new GitSource(Optional.empty(), State.UNTRACKED);

  /** Looks at the file as it is now; a symbolic link stands for the file it leads to. */
  public static GitSource of(Path topologyFile) {
    Optional<GitCheckout> checkout = Checkouts.of(topologyFile);
    if (checkout.isPresent()) {
      return new GitSource(
          Optional.of(checkout.get().commit()),
          Checkouts.foreign(topologyFile) ? State.UNTRACKED : State.COMMITTED);
    }
    if (!Files.isRegularFile(topologyFile)) {
      return NONE;
    }
    return Trouble.translated(
        "the commit of " + topologyFile + " cannot be read",
        () -> {
          Path file = topologyFile.toRealPath();
          Optional<Repository> found = Repositories.enclosing(file);
          if (found.isEmpty()) {
            return NONE;
          }
          try (Repository repository = found.get()) {
            return of(repository, file);
          }
        });
  }

  private static GitSource of(Repository repository, Path file) throws IOException {
    Ref head = repository.exactRef(Constants.HEAD);
    ObjectId id = head == null ? null : head.getObjectId();
    if (id == null || repository.isBare()) {
      return NONE;
    }
    Optional<String> commit = Optional.of(id.name());
    Path workTree = repository.getWorkTree().toPath().toRealPath();
    if (!file.startsWith(workTree)) {
      return new GitSource(commit, State.UNTRACKED);
    }
    List<String> path = new ArrayList<>();
    workTree.relativize(file).forEach(part -> path.add(part.toString()));
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk entry =
            TreeWalk.forPath(
                walk.getObjectReader(), String.join("/", path), walk.parseCommit(id).getTree())) {
      if (entry == null || (entry.getRawMode(0) & FileMode.TYPE_MASK) != FileMode.TYPE_FILE) {
        return new GitSource(commit, State.UNTRACKED);
      }
      byte[] committed =
          walk.getObjectReader().open(entry.getObjectId(0), Constants.OBJ_BLOB).getBytes(64 << 20);
      boolean same = Arrays.equals(unixLines(committed), unixLines(Files.readAllBytes(file)));
      return new GitSource(commit, same ? State.COMMITTED : State.CHANGED);
    }
  }

  private static byte[] unixLines(byte[] text) {
    byte[] unix = new byte[text.length];
    int length = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] != '\r' || i + 1 == text.length || text[i + 1] != '\n') {
        unix[length++] = text[i];
      }
    }
    return Arrays.copyOf(unix, length);
  }

  /** The value of the trailer {@code Topology-Commit}. */
  public String trailer() {
    return switch (state) {
      case COMMITTED -> commit.orElse("none");
      case CHANGED -> commit.map(id -> id + " (dirty)").orElse("none");
      case UNTRACKED -> "none";
    };
  }
}
