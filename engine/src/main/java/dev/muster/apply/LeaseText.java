package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.Bounds;
import dev.muster.live.LiveObject;
import dev.muster.resource.ObjectRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What stands in the Lease of a lock. */
final class LeaseText {
  /** A Lease that claims to last longer was not written by muster. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Who gave the Lease back, for runs that find theirs taken over and everything over. */
  private static final String LAST = "muster.dev/last-run";

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private LeaseText() {}

  /** What a lock's Lease says about who holds it; empty when nobody does. */
  static Optional<LeaseLock.Held> holder(JsonNode lease, Clock clock) {
    JsonNode spec = lease.path("spec");
    if (spec.path("holderIdentity").asText("").isEmpty()) {
      return Optional.empty();
    }
    String identity = oneLine(spec.path("holderIdentity"));
    Optional<Instant> renewed = time(spec.path("renewTime").asText(""));
    Instant now = clock.instant();
    boolean inTime =
        renewed
            .map(
                at -> !at.isAfter(now.plus(LeaseLock.FRESH)) && at.plus(length(lease)).isAfter(now))
            .orElse(false);
    String[] parts = identity.split(" ", 3);
    return Optional.of(
        new LeaseLock.Held(
            parts[0],
            Holder.parse(parts.length > 2 ? parts[2] : ""),
            time(spec.path("acquireTime").asText("")).or(() -> renewed).orElse(Instant.EPOCH) + "",
            !inTime));
  }

  /** Whether this run holds it. */
  static boolean isOf(LiveObject lease, LeaseLock.Claimant claimant) {
    return holder(lease.tree(), claimant.clock())
        .filter(held -> held.runId().equals(claimant.runId()))
        .isPresent();
  }

  /** How long a Lease is to be looked at: never shorter than a holder counts on. */
  static Duration length(JsonNode lease) {
    Duration said = Duration.ofSeconds(lease.at("/spec/leaseDurationSeconds").asInt(0));
    return said.compareTo(LeaseLock.DURATION) < 0 || said.compareTo(LONGEST) > 0
        ? LeaseLock.DURATION
        : said;
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * The Lease of one who holds it.
   *
   * @param live as it was read or written last
   * @param fresh whether it is taken, and not renewed
   */
  static ObjectNode of(
      ObjectRef ref, LeaseLock.Claimant claimant, Optional<LiveObject> live, boolean fresh) {
    String now = MICROS.format(claimant.clock().instant());
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    ObjectNode metadata = content.putObject("metadata");
    metadata.put("name", ref.name()).put("namespace", ref.namespace());
    live.ifPresent(object -> metadata.put("resourceVersion", object.resourceVersion()));
    ObjectNode spec = content.putObject("spec");
    spec.put("holderIdentity", claimant.runId() + " by " + claimant.holder());
    spec.put("leaseDurationSeconds", (int) LeaseLock.DURATION.toSeconds());
    JsonNode before = live.map(object -> object.tree().path("spec")).orElse(spec);
    spec.put("acquireTime", fresh ? now : before.path("acquireTime").asText(now));
    spec.put("renewTime", now);
    int transitions = Math.max(0, before.path("leaseTransitions").asInt(0));
    spec.put(
        "leaseTransitions",
        fresh && live.isPresent() && transitions < Integer.MAX_VALUE
            ? transitions + 1
            : transitions);
    return content;
  }

  /** The Lease of nobody, with the name of who had it. */
  static ObjectNode released(
      ObjectRef ref, LeaseLock.Claimant claimant, Optional<LiveObject> live) {
    ObjectNode released = of(ref, claimant, live, false);
    released.withObjectProperty("spec").put("holderIdentity", "");
    released
        .withObjectProperty("metadata")
        .putObject("annotations")
        .put(LAST, claimant.runId() + " of " + claimant.holder().who());
    return released;
  }

  /** Who gave it back last; empty when that is not known. */
  static String last(LiveObject lease) {
    return oneLine(lease.tree().path("metadata").path("annotations").path(LAST));
  }

  /** Anybody who may write Leases says it, and it stands in messages. */
  private static String oneLine(JsonNode text) {
    return Bounds.quoted(text.asText("")).replaceAll("\\s+", " ").strip();
  }
}
