package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.muster.resource.Redactor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of one report, side by side in {@code drift-reports}, each read by its own reader. */
class DriftFormatTest {
  private static final Path EXPECTED = Path.of("src/test/resources/drift-reports");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SAMPLES = List.of("fleet", "nothing", "hostile");

  static Stream<Arguments> all() {
    return SAMPLES.stream()
        .flatMap(
            sample -> Stream.of(DriftFormat.values()).map(format -> Arguments.of(sample, format)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void isRenderedAsInTheExample(String sample, DriftFormat format) throws IOException {
    Path file = EXPECTED.resolve(sample).resolve("report." + end(format));
    String text = render(sample, format);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  @Test
  void isReadableAtEightyColumns() {
    assertThat(render("fleet", DriftFormat.text).lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "nothing", "hostile"})
  void isJsonOfThePublishedSchema(String sample) throws IOException {
    assertThat(errors("drift-report", render(sample, DriftFormat.json))).isEmpty();
    for (String line : render(sample, DriftFormat.ndjson).lines().toList()) {
      assertThat(errors("drift-event", line)).as(line).isEmpty();
    }
    String notification = new DriftNotification(new Clean(new Redactor())).render(sample(sample));
    assertThat(errors("drift-notification", notification)).isEmpty();
    assertThat(errors("drift-report", JSON.readTree(notification).path("report").toString()))
        .isEmpty();
  }

  @Test
  void theSchemaNoticesWhatIsWrong() throws IOException {
    String json = render("fleet", DriftFormat.json);
    assertThat(errors("drift-report", json.replace("\"pending\"", "\"later\""))).isNotEmpty();
    assertThat(errors("drift-report", json.replace("\"objectGone\"", "\"gone\""))).isNotEmpty();
    assertThat(errors("drift-event", "{\"event\": \"Field\"}")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "nothing", "hostile"})
  void isXmlOfTheSchema(String sample) throws Exception {
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(Path.of("src/test/resources/drift-reports/junit.xsd").toFile())
        .newValidator()
        .validate(new StreamSource(new StringReader(render(sample, DriftFormat.junit))));
  }

  @Test
  void mavenReadsTheSuites() throws Exception {
    List<ReportTestSuite> suites = parsed("fleet");
    assertThat(suites)
        .extracting(ReportTestSuite::getName)
        .containsExactly("topology farm", "host", "m1", "m2", "m3");
    assertThat(suites)
        .extracting(ReportTestSuite::getNumberOfFailures)
        .containsExactly(1, 1, 3, 2, 0);
    assertThat(suites)
        .extracting(ReportTestSuite::getNumberOfErrors)
        .containsExactly(1, 0, 0, 0, 1);
    ReportTestCase settings = suites.get(1).getTestCases().get(1);
    assertThat(settings.getName()).isEqualTo("ConfigMap/farm/settings");
    assertThat(settings.getFailureType()).isEqualTo("drift");
    assertThat(settings.getFailureMessage()).isEqualTo("3 fields differ");
    assertThat(settings.getFailureDetail()).contains("kubectl-edit");
    assertThat(parsed("hostile").get(2).getTestCases())
        .anyMatch(c -> c.getName().contains("]]><!--"));
  }

  private static List<ReportTestSuite> parsed(String sample) throws Exception {
    byte[] xml = render(sample, DriftFormat.junit).getBytes(StandardCharsets.UTF_8);
    return new TestSuiteXmlParser(null)
        .parse(new InputStreamReader(new ByteArrayInputStream(xml), StandardCharsets.UTF_8));
  }

  @Test
  void aCommentIsNeverLongerThanAForgeTakes() {
    for (int members : List.of(1, 40, 200, 3000)) {
      String text = render(Samples.large(members, 6), DriftFormat.markdown);
      assertThat(text.length()).isLessThanOrEqualTo(65_536);
      assertThat(count(text, "<details>")).isEqualTo(count(text, "</details>"));
      assertThat(text.contains("Left out, as a comment holds no more")).isEqualTo(members >= 200);
    }
    String text = render(Samples.large(3000, 6), DriftFormat.markdown);
    int shown = count(text, "`ConfigMap/farm/");
    int reachable = 3000 - 3000 / 97;
    assertThat(text).contains("no more: " + (reachable * 6 - shown) + " objects");
  }

  @Test
  void aMentionALinkAndHtmlInACommentAreText() {
    String text = render("hostile", DriftFormat.markdown);
    String outside = text.replaceAll("`[^`\n]*`", "").replaceAll("<code>.*?</code>", "");
    assertThat(outside).doesNotContain("@", "http", "<script", "<img", "<b>", "#1");
    assertThat(count(text, "<details>")).isEqualTo(count(outside, "</details>"));
  }

  @Test
  void whenAClusterWasLastComparedOutlivesThatItIsUnreachable() {
    String series = "muster_cluster_compared_timestamp_seconds{topology=\"farm\",cluster=\"m3\"}";
    String former = series + " 1700000000\n";
    assertThat(prometheus("")).doesNotContain(series);
    assertThat(prometheus(former)).contains(series + " 1700000000\n");
    assertThat(prometheus(prometheus(former))).isEqualTo(prometheus(former));
    assertThat(prometheus(series + " evil\n" + series + "\n{}\n")).doesNotContain(series);
    assertThat(prometheus(""))
        .contains(series.replace("m3", "m1") + " " + Samples.AT.getEpochSecond());
  }

  private static String prometheus(String former) {
    return DriftFormat.prometheus.render(
        Samples.fleet(), new Clean(new Redactor()), Style.PLAIN, former);
  }

  @Test
  void thePageHoldsNothingFromOutside() {
    String page = render("hostile", DriftFormat.html);
    assertThat(page).contains("default-src 'none'");
    assertThat(count(page, "<script>")).isEqualTo(1);
    assertThat(page)
        .doesNotContain("<img", "src=\"", "<link", "@import", "url(", " style=\"", "href=\"http");
  }

  @Test
  void aPageOfAThousandMembersIsSmall() {
    assertThat(render(Samples.large(1000, 2), DriftFormat.html).length()).isLessThan(3_000_000);
  }

  static List<?> errors(String schema, String json) throws IOException {
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new JacksonNode.Factory()).createValidator();
    JsonNode tree = JSON.readTree(Path.of("../schemas/" + schema + ".schema.json").toFile());
    return validator
        .validate(validator.registerSchema((Object) tree), (Object) JSON.readTree(json))
        .getErrors();
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  private static String end(DriftFormat format) {
    return switch (format) {
      case text -> "txt";
      case markdown -> "md";
      case junit -> "xml";
      case prometheus -> "prom";
      default -> format.name();
    };
  }

  private static String render(String sample, DriftFormat format) {
    return render(sample(sample), format);
  }

  static DriftOutcome sample(String name) {
    return switch (name) {
      case "fleet" -> Samples.fleet();
      case "nothing" -> Samples.nothing();
      default -> Samples.hostile();
    };
  }

  private static String render(DriftOutcome outcome, DriftFormat format) {
    return format.render(outcome, new Clean(new Redactor()), Style.PLAIN, "");
  }
}
