package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what muster writes, whatever was there before. */
class WholeFileTest {
  @TempDir Path folder;

  @Test
  void aSecretFileIsForItsOwnerAloneEvenWhereOthersCouldReadTheOldOne() throws IOException {
    Path file = Files.writeString(folder.resolve("changes.json"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path opened = Files.createLink(folder.resolve("other-name"), file);
    WholeFile.secret(file, "new");
    assertThat(file).hasContent("new");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(opened).as("what somebody has open").hasContent("old");
  }

  @Test
  void aSecretFileReplacesALinkAndLeavesItsEndAlone() throws IOException {
    Path end = Files.writeString(folder.resolve("of-somebody"), "theirs");
    Files.setPosixFilePermissions(end, PosixFilePermissions.fromString("rw-r--r--"));
    for (Path to : List.of(end, folder.resolve("nowhere"))) {
      Path link = folder.resolve("link");
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, to);
      WholeFile.secret(link, "mine");
      assertThat(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(mode(link)).isEqualTo("rw-------");
    }
    assertThat(end).hasContent("theirs");
    assertThat(mode(end)).isEqualTo("rw-r--r--");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void writesIntoAPipeInsteadOfReplacingIt() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (Writer writer : List.<Writer>of(WholeFile::secret, WholeFile::open, WholeFile::kept)) {
      CompletableFuture<String> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return Files.readString(pipe);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.write(pipe, "through");
      assertThat(read.join()).isEqualTo("through");
      assertThat(Files.isRegularFile(pipe)).isFalse();
    }
  }

  /** As with {@code /dev/stdout} that leads to a file: the name is not muster's to replace. */
  @Test
  void writesIntoWhatTheProcessHasOpen() throws IOException {
    Path file = folder.resolve("redirected");
    try (OutputStream open = Files.newOutputStream(file)) {
      Path name = descriptor(file);
      for (Writer writer : List.<Writer>of(WholeFile::secret, WholeFile::open, WholeFile::kept)) {
        writer.write(name, "text of it");
        assertThat(file).hasContent("text of it");
        assertThat(name.toRealPath()).as("still what is open").isEqualTo(file.toRealPath());
      }
    }
  }

  @Test
  void aSecretFolderIsForItsOwnerAloneAndOneThatExistsStaysAsItIs() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    WholeFile.secretFolder(shared.resolve("a/b"));
    assertThat(mode(shared)).isEqualTo("rwxr-xr-x");
    assertThat(mode(shared.resolve("a"))).isEqualTo("rwx------");
    assertThat(mode(shared.resolve("a/b"))).isEqualTo("rwx------");
    Files.writeString(shared.resolve("file"), "");
    assertThatThrownBy(() -> WholeFile.secretFolder(shared.resolve("file")))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("a file of that name is there");
  }

  @Test
  void aFileThatCannotBeWrittenStaysAsItIsAndLeavesNothingBeside() throws IOException {
    Path file = Files.createDirectory(folder.resolve("folder"));
    assertThatThrownBy(() -> WholeFile.secret(file, "text"))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("it is a folder");
    assertThatThrownBy(() -> WholeFile.secret(folder.resolve("none/file"), "text"))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("its folder does not exist");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private interface Writer {
    void write(Path file, String text);
  }

  private static Path descriptor(Path file) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(one -> Files.exists(one) && same(one, file)).findFirst().orElseThrow();
    }
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // closed by somebody else in between
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }
}
