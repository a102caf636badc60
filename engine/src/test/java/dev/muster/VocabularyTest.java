package dev.muster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine does not know the system that a plan manages, and its files stay small. */
class VocabularyTest {
  private static final Path MAIN = Path.of("src/main");

  /** Words of the managed system; they belong to plans, examples and the sandbox. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "kubesphere|ks-installer|ks-apiserver|\\btower\\b|(?-i:clusterRole)|jwtSecret"
              + "|ClusterConfiguration|kubefed|argo ?-?cd|istio",
          Pattern.CASE_INSENSITIVE);

  private static final int MOST_LINES = 400;

  @Test
  void engineNamesNothingOfTheManagedSystem() throws IOException {
    List<String> found =
        files().flatMap(file -> lines(file).filter(line -> FOREIGN.matcher(line).find())).toList();
    assertThat(found).isEmpty();
  }

  @Test
  void wordsAreFoundWhateverTheirCaseButOnlyWhole() {
    assertThat(FOREIGN.matcher("the Tower's address").find()).isTrue();
    assertThat(FOREIGN.matcher("JWTSECRET").find()).isTrue();
    assertThat(FOREIGN.matcher("towers").find()).isFalse();
  }

  @Test
  void noFileIsLong() throws IOException {
    assertThat(files().filter(file -> lines(file).count() > MOST_LINES)).isEmpty();
  }

  private static Stream<Path> files() throws IOException {
    try (Stream<Path> tree = Files.walk(MAIN)) {
      List<Path> files = tree.filter(Files::isRegularFile).toList();
      assertThat(files).hasSizeGreaterThan(100);
      return files.stream();
    }
  }

  /** Each line with its place before it. */
  private static Stream<String> lines(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return IntStream.range(0, lines.size())
          .mapToObj(i -> file + ":" + (i + 1) + ": " + lines.get(i));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
