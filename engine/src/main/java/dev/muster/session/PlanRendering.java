package dev.muster.session;

import dev.muster.changes.ChangeSet;
import dev.muster.diff.Fingerprint;
import dev.muster.report.PlanJson;
import dev.muster.report.PlanMarkdown;
import dev.muster.report.PlanPatches;
import dev.muster.report.PlanText;
import dev.muster.report.Style;

/** The forms in which a change set can be printed. */
public enum PlanRendering {
  text,
  json,
  markdown,
  patch;

  public String of(Session session, ChangeSet changeSet, Fingerprint fingerprint, Style style) {
    return switch (this) {
      case text ->
          new PlanText(session.planFile(), session.topology(), fingerprint, session.clean(), style)
              .render(changeSet);
      case json -> new PlanJson(session.planFile(), fingerprint, session.clean()).render(changeSet);
      case markdown ->
          new PlanMarkdown(session.planFile(), session.topology(), fingerprint, session.clean())
              .render(changeSet);
      case patch -> new PlanPatches(fingerprint, session.clean()).render(changeSet);
    };
  }
}
