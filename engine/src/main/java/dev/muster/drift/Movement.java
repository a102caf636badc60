package dev.muster.drift;

import java.util.Objects;

/**
 * What has become of a finding since it was looked at before.
 *
 * @param finding as it is now; for what is resolved, as it was
 */
public record Movement(Kind kind, Finding finding) {
  public Movement {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(finding, "finding");
  }

  /** Which way it went. */
  public enum Kind {
    FOUND,
    CHANGED,
    RESOLVED
  }
}
