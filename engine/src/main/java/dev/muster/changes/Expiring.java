package dev.muster.changes;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Something that runs out, or has.
 *
 * @param cluster whom it is about
 * @param what what it is, for people
 * @param at when
 * @param left from the moment it was looked at; negative when it has run out
 * @param next what a person does about it; may hold text from a cluster
 */
public record Expiring(String cluster, String what, Instant at, Duration left, String next) {
  public Expiring {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(left, "left");
    Objects.requireNonNull(next, "next");
  }

  public boolean expired() {
    return left.isNegative();
  }
}
