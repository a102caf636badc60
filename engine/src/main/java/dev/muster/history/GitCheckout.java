package dev.muster.history;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A topology as a commit has it, in a private folder that ends with it. Only files that somebody
 * asks for are put there. Work tree and index of the repository stay as they are; a repository that
 * is not on this machine is fetched one commit deep.
 */
public final class GitCheckout implements AutoCloseable {
  private static final String REPOSITORY = ".repository";
  private static final int LARGEST_FILE = 8 << 20;

  private final Repository repository;
  private final String source;
  private final boolean remote;
  private final ObjectId commit;
  private final String path;
  private final Path folder;
  private final Path otherFiles;

  private GitCheckout(
      Repository repository,
      String source,
      boolean remote,
      ObjectId commit,
      String path,
      Path folder,
      Optional<Path> otherFiles)
      throws IOException {
    this.repository = repository;
    this.source = source;
    this.remote = remote;
    this.commit = commit;
    this.path = path;
    this.folder = folder;
    Path parent = Path.of(path).getParent();
    this.otherFiles =
        otherFiles
            .map(tree -> parent == null ? tree : tree.resolve(parent))
            .orElseGet(() -> Path.of("").toAbsolutePath());
    if (!bring(path)) {
      delete(folder);
      throw MusterException.of(
          "commit " + commit.name().substring(0, 10) + " of " + source + " has no file " + path,
          "git ls-tree -r --name-only " + commit.name().substring(0, 10) + " lists what it has");
    }
    Checkouts.opened(folder, this);
  }

  /**
   * Opens {@code git+URL//PATH?ref=REF}: a repository by its URL, the topology's path in it, and a
   * branch, tag or commit (default: HEAD).
   *
   * @throws MusterException when there is no such thing, without any credential of the URL
   */
  public static GitCheckout open(String name) {
    String shown = Remote.withoutCredentials(name);
    int query = name.indexOf("?ref=");
    String ref = query < 0 ? Constants.HEAD : name.substring(query + "?ref=".length());
    String place =
        (query < 0 ? name : name.substring(0, query)).substring(Checkouts.PREFIX.length());
    int scheme = place.indexOf("://");
    int split = scheme < 0 ? -1 : place.indexOf("//", scheme + "://".length());
    if (split < 0 || split + 2 == place.length() || ref.isEmpty()) {
      throw MusterException.of(
          "\"" + shown + "\" names no file in a repository",
          "write git+file:///srv/fleet//topology.yaml?ref=main: URL, two slashes, path, ref");
    }
    String url = place.substring(0, split);
    String path = Path.of(place.substring(split + 2)).normalize().toString();
    QuietSystem.install();
    return Trouble.translated(shown + " cannot be read", () -> of(url, ref, path, newFolder()));
  }

  /**
   * A file of a repository at a revision.
   *
   * @param folder a private one, which ends with it
   */
  static GitCheckout of(String url, String ref, String path, Path folder) throws IOException {
    try {
      return url.startsWith("file://")
          ? local(Path.of(url.substring("file://".length())), ref, path, folder)
          : fetched(url, ref, path, folder);
    } catch (IOException | RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  /**
   * The file as a commit of its own repository has it. Files that the commit does not have are
   * looked for beside the one in the work tree.
   */
  public static GitCheckout at(Path file, String ref) {
    return Trouble.translated(
        file + " at " + Message.line(ref) + " cannot be read",
        () -> {
          Path absolute = file.toAbsolutePath().normalize();
          Path parent = absolute.getParent();
          Repository repository =
              Repositories.enclosing(absolute)
                  .orElseThrow(
                      () ->
                          MusterException.of(
                              file + " is in no git repository, so it has no commits",
                              "leave --git-ref out, or git init"));
          if (repository.isBare() || parent == null) {
            throw MusterException.of(
                "--git-ref is for a work tree", "write git+file://REPOSITORY//PATH?ref=REF");
          }
          Path tree = repository.getWorkTree().toPath().toRealPath();
          Path name = tree.relativize(parent.toRealPath().resolve(absolute.getFileName()));
          return new GitCheckout(
              repository,
              "file://" + tree,
              false,
              commit(repository, ref, tree.toString()),
              name.toString(),
              newFolder(),
              Optional.of(tree));
        });
  }

  private static GitCheckout local(Path place, String ref, String path, Path folder)
      throws IOException {
    Repository repository =
        Repositories.enclosing(place.resolve("x"))
            .orElseThrow(() -> MusterException.of(place + " is no git repository"));
    return new GitCheckout(
        repository,
        "file://" + place,
        false,
        commit(repository, ref, place.toString()),
        path,
        folder,
        repository.isBare()
            ? Optional.empty()
            : Optional.of(repository.getWorkTree().toPath().toRealPath()));
  }

  private static GitCheckout fetched(String url, String ref, String path, Path folder)
      throws IOException {
    Repository repository =
        new FileRepositoryBuilder()
            .setFS(HooklessFiles.here())
            .setBare()
            .setGitDir(folder.resolve(REPOSITORY).toFile())
            .build();
    try {
      repository.create(true);
      // JGit tidies up on a thread of its own, under which the folder would be taken away.
      repository.getConfig().setInt("gc", null, "auto", 0);
      // Never by a name of the configuration: the URL may have a login in it, and would lie there.
      String fetched = fetch(new Remote(repository, url), ref);
      return new GitCheckout(
          repository,
          Remote.withoutCredentials(url),
          true,
          commit(repository, fetched, url),
          path,
          folder,
          Optional.empty());
    } catch (IOException | RuntimeException e) {
      repository.close();
      throw e;
    }
  }

  /** What was fetched is known by this name; a commit has no other one than its id. */
  private static String fetch(Remote origin, String ref) throws IOException {
    try {
      Map<String, ObjectId> there = origin.refs();
      String wanted =
          Stream.of(ref, Constants.R_HEADS + ref, Constants.R_TAGS + ref)
              .filter(there::containsKey)
              .findFirst()
              .orElse(ObjectId.isId(ref) ? ref : "");
      if (wanted.isEmpty()) {
        throw MusterException.of(
            origin.shown() + " has no branch or tag \"" + Message.line(ref) + "\"");
      }
      origin.fetch(List.of(new RefSpec("+" + wanted + ":refs/muster/source")), 1);
      return ObjectId.isId(wanted) ? wanted : "refs/muster/source";
    } catch (IOException e) {
      String said = Remote.withoutCredentials(String.valueOf(e.getMessage()));
      throw new IOException(said.replace(origin.shown(), "it"));
    }
  }

  private static ObjectId commit(Repository repository, String ref, String place)
      throws IOException {
    ObjectId id;
    try {
      id = repository.resolve(ref + "^{commit}");
    } catch (IllegalArgumentException e) {
      id = null;
    }
    if (id == null) {
      throw MusterException.of(
          Remote.withoutCredentials(place) + " has no commit \"" + Message.line(ref) + "\"",
          "name a branch, a tag or a commit");
    }
    return id.copy();
  }

  static Path newFolder() throws IOException {
    return Files.createTempDirectory("muster-source").toRealPath();
  }

  /** The topology's file in the private folder. */
  public Path file() {
    return folder.resolve(path);
  }

  /** The folder that the topology's relative paths begin at, from the root of the repository. */
  public Path start() {
    Path parent = Path.of(path).getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Where a file of the commit is, once it was brought. */
  public Path place(String name) {
    return folder.resolve(name);
  }

  /** Full id. */
  public String commit() {
    return commit.name();
  }

  /** The same place at this very commit, without credentials. */
  public String pinned() {
    return Checkouts.PREFIX + source + "//" + path + "?ref=" + commit.name();
  }

  /** For messages. */
  public String label() {
    return path + "@" + commit.name().substring(0, 10);
  }

  /** Where files that the commit does not have are looked for. */
  public Path otherFiles() {
    return otherFiles;
  }

  /** Whether its repository is a copy that ends with this. */
  public boolean fetched() {
    return remote;
  }

  /** Whether a file of the folder is one that the commit has. */
  boolean has(Path file) {
    return brought.contains(inside(file));
  }

  private String inside(Path file) {
    return folder.relativize(file.toAbsolutePath().normalize()).toString();
  }

  private final Set<String> brought = new HashSet<>();

  /**
   * Whether a name leads to a place in the folder and not in the repository beside it. A tree can
   * have entries called {@code ..} that git itself would not check out.
   */
  private static boolean isPlain(String name) {
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.equalsIgnoreCase(Constants.DOT_GIT)
          || segment.equalsIgnoreCase(REPOSITORY)
          || segment.indexOf('\0') >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts a file of the commit into the folder.
   *
   * @param name from the root of the repository
   * @return whether the commit has it
   */
  public boolean bring(String name) {
    if (!isPlain(name)) {
      return false;
    }
    return Trouble.translated(
        name + " cannot be read",
        () -> {
          try (RevWalk walk = new RevWalk(repository);
              TreeWalk entry =
                  TreeWalk.forPath(
                      walk.getObjectReader(), name, walk.parseCommit(commit).getTree())) {
            if (entry == null || (entry.getRawMode(0) & FileMode.TYPE_MASK) != FileMode.TYPE_FILE) {
              return false;
            }
            Path to = folder.resolve(name);
            if (brought.add(name)) {
              Files.createDirectories(to.getParent());
              ObjectLoader content =
                  walk.getObjectReader().open(entry.getObjectId(0), Constants.OBJ_BLOB);
              if (content.getSize() > LARGEST_FILE) {
                throw new LargeObjectException(entry.getObjectId(0));
              }
              Files.write(to, content.getBytes(LARGEST_FILE));
              Files.setPosixFilePermissions(
                  to,
                  entry.getFileMode(0) == FileMode.EXECUTABLE_FILE
                      ? Set.of(
                          PosixFilePermission.OWNER_READ,
                          PosixFilePermission.OWNER_WRITE,
                          PosixFilePermission.OWNER_EXECUTE)
                      : Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            }
            return true;
          }
        });
  }

  /**
   * Has a name in the folder lead to the file of that name on this machine: in the work tree, or
   * relative to the current folder as if the topology lay there.
   *
   * @return the file, when there is one
   */
  public Optional<Path> lead(String name) {
    if (!isPlain(name)) {
      return Optional.empty();
    }
    Path there = otherFiles.resolve(start().relativize(Path.of(name))).normalize();
    if (!Files.isRegularFile(there)) {
      return Optional.empty();
    }
    return Trouble.translated(
        name + " cannot be reached",
        () -> {
          Path link = folder.resolve(name);
          Files.createDirectories(link.getParent());
          if (!Files.exists(link)) {
            Files.createSymbolicLink(link, there);
          }
          return Optional.of(there);
        });
  }

  Repository repository() throws IOException {
    return new FileRepositoryBuilder()
        .setFS(HooklessFiles.here())
        .setMustExist(true)
        .setGitDir(repository.getDirectory())
        .build();
  }

  @Override
  public void close() {
    Checkouts.closed(folder);
    repository.close();
    delete(folder);
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // what is left lies in a folder that only this user may open
    }
  }
}
