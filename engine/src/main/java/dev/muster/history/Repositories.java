package dev.muster.history;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** Finds and opens the repository around a file. The variables GIT_DIR and the like are ignored. */
final class Repositories {
  private static final String NAME = "muster";
  private static final String EMAIL = "muster@localhost";

  private Repositories() {}

  /** The repository whose work tree or git directory encloses the file, if any. */
  static Optional<Repository> enclosing(Path file) {
    QuietSystem.install();
    Optional<GitCheckout> checkout = Checkouts.of(file);
    if (checkout.isPresent()) {
      return Trouble.translated(
          "the repository of " + checkout.get().label() + " cannot be opened",
          () -> Optional.of(checkout.get().repository()));
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return Optional.empty();
    }
    return Trouble.translated(
        "the git repository around " + file + " cannot be opened",
        () -> {
          for (Path dir = parent.toRealPath(); dir != null; dir = dir.getParent()) {
            if (holdsRepository(dir)) {
              return Optional.of(open(dir));
            }
          }
          return Optional.empty();
        });
  }

  private static boolean holdsRepository(Path dir) throws IOException {
    Path dotGit = dir.resolve(Constants.DOT_GIT);
    if (Files.isRegularFile(dotGit) || isGitDirectory(dotGit) || isGitDirectory(dir)) {
      return true;
    }
    if (Files.isDirectory(dotGit)) {
      // going on upwards would silently record in some other repository, or nowhere
      if (!Files.isReadable(dotGit) || !Files.isExecutable(dotGit)) {
        throw MusterException.of(
            "no permission to read the git repository " + dotGit, Trouble.WITHOUT);
      }
      if (Files.exists(dotGit.resolve(Constants.HEAD))
          || Files.exists(dotGit.resolve(Constants.OBJECTS))) {
        throw MusterException.of(
            "the git repository " + dotGit + " is damaged or not readable",
            "`git status` in that folder tells more",
            Trouble.WITHOUT);
      }
    }
    return false;
  }

  private static boolean isGitDirectory(Path dir) {
    return FileKey.isGitRepository(dir.toFile(), FS.DETECTED);
  }

  private static Repository open(Path dir) throws IOException {
    Repository repository =
        new FileRepositoryBuilder()
            .setFS(HooklessFiles.here())
            .setMustExist(true)
            .findGitDir(dir.toFile())
            .build();
    String format = repository.getConfig().getString("extensions", null, "objectFormat");
    if (format != null && !format.toLowerCase(Locale.ROOT).equals("sha1")) {
      repository.close();
      throw MusterException.of(
          "the git repository in " + dir + " names its objects by " + Message.line(format),
          "muster can write histories only into repositories with SHA-1 object names",
          Trouble.WITHOUT);
    }
    String refs = repository.getConfig().getString("extensions", null, "refStorage");
    if (refs != null && !refs.toLowerCase(Locale.ROOT).equals("files")) {
      repository.close();
      throw MusterException.of(
          "the git repository in " + dir + " keeps its refs as " + Message.line(refs),
          "muster can write histories only into repositories that keep refs as files;"
              + " `git refs migrate --ref-format=files` makes it one",
          Trouble.WITHOUT);
    }
    return repository;
  }

  /** Who ran it, as git would say: the environment, then the configuration. */
  static PersonIdent author(Config config) {
    return person(config, "AUTHOR", "author");
  }

  /** Who wrote the record, as git would say. */
  static PersonIdent committer(Config config) {
    return person(config, "COMMITTER", "committer");
  }

  private static PersonIdent person(Config config, String variables, String section) {
    return new PersonIdent(
        who(config, "GIT_" + variables + "_NAME", section, "name", NAME),
        who(config, "GIT_" + variables + "_EMAIL", section, "email", EMAIL));
  }

  private static String who(
      Config config, String variable, String section, String key, String otherwise) {
    String[] said = {
      SystemReader.getInstance().getenv(variable),
      config.getString(section, null, key),
      config.getString("user", null, key)
    };
    for (@Nullable String text : said) {
      if (text != null && !text.isBlank()) {
        return Message.line(text);
      }
    }
    return otherwise;
  }
}
