package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Permit;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.TokenRequest;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.plan.Allows;
import dev.muster.plan.Allows.Place;
import dev.muster.plan.Allows.Use;
import dev.muster.plan.Allows.Verb;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Sends nothing that the plan does not say it may; what it refuses never leaves the process. */
final class AllowedCluster extends ForwardingCluster {
  /** A segment of a path, and not two of them, nor the end of the path. */
  private static final Pattern PLAIN = Pattern.compile("[^/%?#\\\\\\s]*");

  private static final Set<String> OWN = Set.of("configmaps", "leases");
  private static final Watching NOTHING = () -> {};

  private final Cluster cluster;
  private final Allows allows;
  private final Place place;

  AllowedCluster(Cluster cluster, Allows allows, Place place) {
    super(cluster);
    this.cluster = cluster;
    this.allows = allows;
    this.place = place;
  }

  /** Why something may not be done, empty when it may. */
  static Optional<Failure> refusal(Allows allows, Use use) {
    if (own(use)) {
      return Optional.of(refused("muster's own objects are none of the plan's: " + use));
    }
    if (plain(use.namespace()) && plain(use.kind().group()) && plain(use.name().orElse(""))) {
      return allows.allow(use)
          ? Optional.empty()
          : Optional.of(refused("the plan does not allow it: " + use));
    }
    return Optional.of(refused("the plan does not allow what is no name of an object: " + use));
  }

  /** The lock and the inventory, to which muster has a way of its own. */
  private static boolean own(Use use) {
    return use.place() == Place.HOST
        && use.verb() != Verb.GET
        && use.namespace().equals("kube-system")
        && OWN.contains(use.kind().plural())
        && use.name().orElse("").startsWith("muster-");
  }

  private static boolean plain(String segment) {
    return !segment.equals(".") && !segment.equals("..") && PLAIN.matcher(segment).matches();
  }

  private static Failure refused(String why) {
    return new Failure(Failure.Kind.NOT_ALLOWED, why);
  }

  private Optional<Failure> one(Verb verb, ObjectRef ref) {
    return refusal(allows, Use.of(place, verb, ref));
  }

  private Optional<Failure> all(ObjectRef kind) {
    return refusal(allows, Use.list(place, kind));
  }

  @Override
  public Reading read(ObjectRef ref) {
    return one(Verb.GET, ref).<Reading>map(Reading.Failed::new).orElseGet(() -> super.read(ref));
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    Use way = Use.through(place, service.namespace(), Optional.of(service.service()));
    return refusal(allows, way)
        .or(() -> refusal(allows, Use.of(Place.ELSEWHERE, Verb.GET, ref)))
        .<Reading>map(Reading.Failed::new)
        .orElseGet(() -> super.readThrough(service, ref));
  }

  @Override
  public Listing list(ObjectRef kind, String labelSelector) {
    return all(kind)
        .<Listing>map(Listing.Failed::new)
        .orElseGet(() -> super.list(kind, labelSelector));
  }

  @Override
  public Written create(ObjectRef ref, JsonNode manifest) {
    return one(Verb.CREATE, ref)
        .<Written>map(Written.Failed::new)
        .orElseGet(() -> super.create(ref, manifest));
  }

  @Override
  public Written patch(ObjectRef ref, JsonNode patch) {
    return one(Verb.PATCH, ref)
        .<Written>map(Written.Failed::new)
        .orElseGet(() -> super.patch(ref, patch));
  }

  /** Only muster itself replaces objects: its own. */
  @Override
  public Written replace(ObjectRef ref, JsonNode manifest) {
    return new Written.Failed(refused("no plan may replace an object as a whole: " + ref));
  }

  @Override
  public Written delete(ObjectRef ref, String uid) {
    return one(Verb.DELETE, ref)
        .<Written>map(Written.Failed::new)
        .orElseGet(() -> super.delete(ref, uid));
  }

  @Override
  public Issuance issue(TokenRequest request) {
    ObjectRef account = request.account();
    return refusal(allows, Use.token(place, account, Optional.of(account.name())))
        .<Issuance>map(Issuance.Failed::new)
        .orElseGet(() -> super.issue(request));
  }

  @Override
  public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
    Optional<Failure> refusal = one(Verb.GET, ref);
    if (refusal.isEmpty()) {
      return super.watch(ref, onChange);
    }
    onChange.accept(new Reading.Failed(refusal.get()));
    return NOTHING;
  }

  @Override
  public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
    Optional<Failure> refusal = all(kind);
    if (refusal.isEmpty()) {
      return super.watchAll(kind, labelSelector, follower);
    }
    follower.failed(refusal.get());
    return NOTHING;
  }

  @Override
  public Logs logs(LogQuery query, Instant since) {
    return refusal(allows, Use.logs(place, query.namespace()))
        .<Logs>map(Logs.Failed::new)
        .orElseGet(() -> super.logs(query, since));
  }

  @Override
  public Cluster under(Permit permit) {
    return new AllowedCluster(cluster.under(permit), allows, place);
  }
}
