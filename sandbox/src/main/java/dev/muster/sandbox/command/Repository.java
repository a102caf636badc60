package dev.muster.sandbox.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A bare-bones git repository for the demo's folder. */
final class Repository {
  private Repository() {}

  /** Writes what git needs to see a repository, so that the demo needs no git program. */
  static void create(Path folder) throws IOException {
    Path git = folder.resolve(".git");
    for (String name : List.of("objects/info", "objects/pack", "refs/heads", "refs/tags")) {
      Files.createDirectories(git.resolve(name));
    }
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(
        git.resolve("config"),
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n");
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
