package dev.muster.session;

import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import dev.muster.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Contents by their digest, in the folder {@code plans} of muster's cache. What is taken from there
 * is what its digest says, whoever has written it; without a cache nothing is kept.
 */
final class PlanStore {
  private final Optional<Path> folder;

  private PlanStore(Optional<Path> folder) {
    this.folder = folder;
  }

  /** The one beside the folder that belongs to this build of the program. */
  static PlanStore usual() {
    return new PlanStore(
        Optional.ofNullable(System.getProperty("muster.cache"))
            .map(Path::of)
            .map(own -> own.toAbsolutePath().resolveSibling("plans")));
  }

  Optional<byte[]> get(String digest) {
    return folder
        .map(place -> place.resolve(name(digest)))
        .filter(Files::isRegularFile)
        .flatMap(PlanStore::content)
        .filter(content -> Sha256.of(content).equals(digest));
  }

  private static Optional<byte[]> content(Path file) {
    try {
      return Optional.of(BoundedFile.bytes(file, Bounds.FILE));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Keeps a content; nothing goes wrong when that cannot be done. */
  void put(byte[] content) {
    if (folder.isEmpty()) {
      return;
    }
    try {
      Path place = folder.get();
      Files.createDirectories(
          place,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path draft = Files.createTempFile(place, ".new", "");
      try {
        Files.write(draft, content);
        Files.move(draft, place.resolve(name(Sha256.of(content))), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException | UnsupportedOperationException e) {
      return; // it is fetched again then
    }
  }

  private static String name(String digest) {
    return digest.replace(':', '-');
  }
}
