package dev.muster.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gives each fuzz target its seeds, and what was once found with it: {@code
 * src/test/resources/fuzz/TARGET}. {@code testbed/fuzz TARGET} looks for more.
 */
@Timeout(300)
class SeedsTest {
  private static final Path SEEDS = Path.of("src/test/resources/fuzz");
  private static final Map<String, String> TARGETS =
      Map.of(
          "topology", "dev.muster.topology.TopologyFuzz",
          "plan", "dev.muster.plan.PlanFuzz",
          "change-set", "dev.muster.session.ChangeSetFuzz",
          "kubeconfig", "dev.muster.kube.KubeconfigFuzz",
          "embedded", "dev.muster.yaml.EmbeddedFuzz",
          "answers", "dev.muster.kube.AnswersFuzz",
          "sealed", "dev.muster.courier.SealedFuzz");

  static Stream<Arguments> seeds() throws IOException {
    Stream.Builder<Arguments> seeds = Stream.builder();
    for (String target : TARGETS.keySet().stream().sorted().toList()) {
      try (Stream<Path> files = Files.list(SEEDS.resolve(target))) {
        files.sorted().forEach(file -> seeds.add(Arguments.of(target, file)));
      }
    }
    return seeds.build();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("seeds")
  void keepsItsPromises(String target, Path seed) throws Throwable {
    Method method =
        Class.forName(TARGETS.get(target)).getMethod("fuzzerTestOneInput", byte[].class);
    try {
      method.invoke(null, (Object) Files.readAllBytes(seed));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void everyTargetHasSeedsAndADictionary() {
    List<String> names = TARGETS.keySet().stream().sorted().toList();
    assertThat(names)
        .allSatisfy(
            name -> {
              assertThat(SEEDS.resolve(name)).isNotEmptyDirectory();
              assertThat(SEEDS.resolve(name + ".dict")).isNotEmptyFile();
            });
  }
}
