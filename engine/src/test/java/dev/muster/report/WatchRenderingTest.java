package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drift.DriftReport;
import dev.muster.drift.Finding;
import dev.muster.drift.Movement;
import dev.muster.live.Failure;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watch prints, by example. */
class WatchRenderingTest {
  private static final Path EXPECTED = Path.of("src/test/resources/drift-reports/watch");

  private static List<Finding> findings(DriftReport report) {
    List<Finding> findings = new ArrayList<>();
    report.fields().forEach(field -> findings.add(new Finding.Field(field)));
    report.closedGates().forEach(text -> findings.add(new Finding.ClosedGate(text)));
    report.problems().forEach(one -> findings.add(new Finding.Uncompared("a", true, one)));
    report.expiring().forEach(one -> findings.add(new Finding.RunningOut(one)));
    report.unmanaged().members().forEach(one -> findings.add(new Finding.Stranger(one)));
    return findings;
  }

  private static String story(WatchRendering rendering, DriftReport report) {
    Instant at = report.at();
    StringBuilder text = new StringBuilder(rendering.opening(report));
    for (Movement.Kind kind : Movement.Kind.values()) {
      text.append(
          rendering.moved(
              at, findings(report).stream().map(one -> new Movement(kind, one)).toList()));
    }
    Failure why = new Failure(Failure.Kind.REFUSED, "https://m1 refused the connection\u0007");
    text.append(rendering.lost(at, "m1", why)).append(rendering.back(at, "m1"));
    Problem problem = Problem.error(Where.nowhere(), "the topology is broken", "mend it");
    text.append(rendering.troubled(at, List.of(problem))).append(rendering.reread(at));
    return text.append(rendering.closing(report, 2)).toString();
  }

  private static void example(String name, String text) throws IOException {
    Path file = EXPECTED.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  private static Clean clean() {
    return new Clean(new Redactor());
  }

  @Test
  void tellsAStoryOfWhateverCanHappen() throws IOException {
    DriftReport report = Samples.fleet().report();
    example("watch.txt", story(new WatchText(clean(), Style.PLAIN), report));
    example("watch.ndjson", story(new WatchEvents(clean()), report));
  }

  @Test
  void isReadableAtEightyColumns() {
    assertThat(story(new WatchText(clean(), Style.PLAIN), Samples.fleet().report()).lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "nothing", "hostile"})
  void everyLineIsJsonOfThePublishedSchema(String sample) throws IOException {
    DriftReport report = DriftFormatTest.sample(sample).report();
    for (String line : story(new WatchEvents(clean()), report).lines().toList()) {
      assertThat(DriftFormatTest.errors("drift-event", line)).as(line).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "hostile"})
  void showsNothingThatATerminalWouldObey(String sample) {
    DriftReport report = DriftFormatTest.sample(sample).report();
    String text = story(new WatchText(clean(), Style.PLAIN), report);
    assertThat(text.replace("\n", "").chars()).noneMatch(Character::isISOControl);
  }
}
