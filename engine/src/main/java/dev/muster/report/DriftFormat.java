package dev.muster.report;

/** The forms in which drift can be had. */
public enum DriftFormat {
  text,
  json,
  ndjson,
  markdown,
  junit,
  prometheus,
  html;

  /**
   * The whole rendering, with a line end at its end.
   *
   * @param former what the file held that it is going to replace; empty for none
   */
  public String render(DriftOutcome outcome, Clean clean, Style style, String former) {
    DriftWords words = new DriftWords(clean, outcome.report().at());
    return switch (this) {
      case text -> new DriftText(words, clean, style).render(outcome.report());
      case json ->
          outcome
              .shard()
              .map(new ShardJson(clean)::render)
              .orElseGet(() -> new DriftJson(clean).render(outcome.report(), outcome.exitCode()));
      case ndjson ->
          new DriftEvents(new DriftJson(clean).tree(outcome.report(), outcome.exitCode())).render();
      case markdown -> new DriftMarkdown(outcome, words, clean).render();
      case junit -> new DriftJunit(outcome, words).render();
      case prometheus -> new DriftPrometheus(outcome, clean, former).render();
      case html -> new DriftPage(outcome, words, clean).render();
    };
  }
}
