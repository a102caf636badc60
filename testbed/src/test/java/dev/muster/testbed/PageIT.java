package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.changes.FieldView;
import dev.muster.changes.Unmanaged;
import dev.muster.drift.Author;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.live.Failure;
import dev.muster.report.Clean;
import dev.muster.report.DriftFormat;
import dev.muster.report.DriftOutcome;
import dev.muster.report.Style;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of {@code drift -o html} in a real browser; pictures of it are kept in target/pages. */
@Timeout(300)
class PageIT {
  /** The pages that the engine's tests hold the renderer to. */
  private static final Path EXAMPLES = Path.of("../engine/src/test/resources/drift-reports");

  private static final Path PICTURES = Path.of("target/pages").toAbsolutePath();
  private static final String SHOWN =
      "[...document.querySelectorAll('.object tbody tr')].filter(r => r.offsetParent !== null).length";

  private static Path folder;
  private static Browser browser;

  /** What a browser still writes when it ends would be in the way of somebody who deletes. */
  @BeforeAll
  static void start() throws IOException {
    Path folders = Files.createDirectories(Path.of("target/browser").toAbsolutePath());
    folder = Files.createTempDirectory(folders, "profile");
    browser = new Browser(folder);
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  private static void open(String example) {
    browser.open(EXAMPLES.resolve(example).resolve("report.html").toAbsolutePath().normalize());
  }

  /** Nothing but the page itself was asked for, and its console is empty. */
  private static void isQuiet() {
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).hasSize(1).allMatch(url -> url.startsWith("file:"));
  }

  @Test
  void filtersByClusterKindAndText() {
    open("fleet");
    browser.screenshot(PICTURES.resolve("fleet.png"));
    assertThat(browser.evaluate(SHOWN).asInt()).isEqualTo(6);
    choose("kind", "pending");
    assertThat(browser.evaluate(SHOWN).asInt()).isEqualTo(2);
    choose("cluster", "host");
    assertThat(browser.evaluate(SHOWN).asInt()).isEqualTo(1);
    assertThat(text("#shown")).isEqualTo("1 of 6 fields");
    browser.click("button[type=reset]");
    Wait.until("all are shown", () -> browser.evaluate(SHOWN).asInt() == 6);
    browser.press("/");
    assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("text");
    browser.type("KUBECTL-EDIT");
    assertThat(browser.evaluate(SHOWN).asInt()).isEqualTo(2);
    browser.type(" nothing like it");
    assertThat(browser.evaluate(SHOWN).asInt()).isZero();
    assertThat(
            browser.evaluate("document.getElementById('none').offsetParent !== null").asBoolean())
        .isTrue();
    browser.press("Escape");
    assertThat(browser.evaluate(SHOWN).asInt()).isEqualTo(6);
    isQuiet();
  }

  private static void choose(String list, String value) {
    browser.evaluate(
        "(() => { const e = document.getElementById('%s'); e.value = '%s';".formatted(list, value)
            + " e.dispatchEvent(new Event('input', {bubbles: true})); })()");
  }

  private static String text(String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  @Test
  void thePictureLeadsToTheCluster() {
    open("fleet");
    assertThat(browser.evaluate("document.querySelectorAll('svg a').length").asInt()).isEqualTo(4);
    browser.click("svg a[href=\"#c-m3\"] .box");
    assertThat(browser.evaluate("location.hash").asText()).isEqualTo("#c-m3");
    assertThat(text(":target")).contains("unreachable", "connect timed out");
    isQuiet();
  }

  @Test
  void isUsedByKeyboardAlone() {
    open("fleet");
    browser.press("Tab");
    assertThat(browser.evaluate("document.activeElement.className").asText()).isEqualTo("skip");
    browser.press("Tab");
    assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("theme");
    browser.press("Tab");
    browser.press("Tab");
    browser.press("Enter");
    assertThat(browser.evaluate("location.hash").asText()).startsWith("#c-");
    isQuiet();
  }

  @Test
  void isLightOrDarkAsTheReaderWants() {
    open("fleet");
    String colour = "getComputedStyle(document.body).backgroundColor";
    String light = browser.evaluate(colour).asText();
    browser.click("#theme");
    String dark = browser.evaluate(colour).asText();
    assertThat(dark).isNotEqualTo(light);
    browser.screenshot(PICTURES.resolve("fleet-dark.png"));
    browser.click("#theme");
    assertThat(browser.evaluate(colour).asText()).isEqualTo(light);
    media("{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"dark\"}]}");
    open("fleet");
    assertThat(browser.evaluate(colour).asText()).isEqualTo(dark);
    media("{\"features\": []}");
    isQuiet();
  }

  private static void media(String params) {
    browser.call("Emulation.setEmulatedMedia", params);
  }

  @Test
  void isReadWithoutAScript() {
    browser.call("Emulation.setScriptExecutionDisabled", "{\"value\": true}");
    try {
      open("fleet");
      browser.screenshot(PICTURES.resolve("without-script.png"));
      assertThat(browser.evaluate(SHOWN).asInt()).isEqualTo(6);
      assertThat(
              browser
                  .evaluate("document.getElementById('filter').offsetParent === null")
                  .asBoolean())
          .isTrue();
    } finally {
      browser.call("Emulation.setScriptExecutionDisabled", "{\"value\": false}");
    }
  }

  @Test
  void printsWithoutItsControls() throws IOException {
    open("fleet");
    browser.print(PICTURES.resolve("fleet.pdf"));
    assertThat(Files.size(PICTURES.resolve("fleet.pdf"))).isGreaterThan(5_000);
    media("{\"media\": \"print\"}");
    assertThat(
            browser.evaluate("document.getElementById('filter').offsetParent === null").asBoolean())
        .isTrue();
    media("{\"media\": \"\"}");
  }

  @Test
  void runsNothingThatAClusterSays() {
    open("hostile");
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("muster drift: farm");
    assertThat(
            browser.evaluate("document.querySelectorAll('img,iframe,object,b b').length").asInt())
        .isZero();
    assertThat(browser.evaluate("document.scripts.length").asInt()).isEqualTo(1);
    choose("kind", "pending");
    isQuiet();
    // What would have got in all the same does not run: only the page's own script may.
    browser.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">'),"
            + "document.body.append(Object.assign(document.createElement('script'),"
            + "{textContent: 'document.title=2'}))");
    Wait.until("the policy complained", () -> browser.complaints().size() >= 2);
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("muster drift: farm");
  }

  @Test
  void aThousandMembersAreShownAndFilteredWithoutDelay() throws IOException {
    Path page = folder.resolve("large.html");
    Files.writeString(
        page, DriftFormat.html.render(large(), new Clean(new Redactor()), Style.PLAIN, ""));
    browser.open(page);
    assertThat(browser.evaluate("document.querySelectorAll('svg a').length").asInt())
        .isEqualTo(1001);
    double loaded =
        browser
            .evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
            .asDouble();
    browser.screenshotOfWindow(PICTURES.resolve("large.png"));
    double filtered =
        browser
            .evaluate(
                "(() => { const t = performance.now(); const e = document.getElementById('text');"
                    + " e.value = 'settings-2 m77'; e.dispatchEvent(new Event('input', {bubbles: true}));"
                    + " document.body.offsetHeight; return performance.now() - t; })()")
            .asDouble();
    assertThat(text("#shown")).endsWith(" of 4000 fields");
    // Bounds against a page that hangs, not a measure of this machine.
    assertThat(loaded).isLessThan(20_000);
    assertThat(filtered).isLessThan(10_000);
    isQuiet();
  }

  private static DriftOutcome large() {
    Instant at = Instant.parse("2026-11-26T10:00:00Z");
    List<ClusterReport> clusters = new ArrayList<>();
    List<DriftedField> fields = new ArrayList<>();
    Author author = new Author("kubectl-edit", "Update", "", Optional.of(at), false);
    for (int m = 0; m <= 1000; m++) {
      String name = m == 0 ? "host" : "m" + m;
      clusters.add(
          new ClusterReport(
              name,
              m == 0,
              m == 0 ? "" : m % 5 == 0 ? "direct" : "proxy",
              Map.of("group", "g" + m % 7),
              m % 97 == 5
                  ? Optional.of(new Failure(Failure.Kind.REFUSED, "connection refused"))
                  : Optional.empty(),
              Optional.of(at)));
      for (int o = 1; o <= 2 && m % 2 == 1; o++) {
        for (String path : List.of("spec.a", "spec.b", "spec.c", "spec.d")) {
          fields.add(
              new DriftedField(
                  name,
                  "dig",
                  ObjectRef.of("v1", "ConfigMap", "farm", "settings-" + o + " " + name),
                  false,
                  false,
                  new FieldView(path, "replace", "1", "2", false, List.of(), false, false),
                  m % 3 == 0 ? DriftedField.Kind.PENDING : DriftedField.Kind.DRIFT,
                  Optional.of(author),
                  List.of()));
        }
      }
    }
    return new DriftOutcome(
        new DriftReport(
            "farm", at, clusters, fields, List.of(), List.of(), Unmanaged.none(), List.of()),
        2,
        List.of());
  }
}
