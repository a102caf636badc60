package dev.muster.rights;

import dev.muster.changes.LiveReader;
import dev.muster.desired.Need;
import dev.muster.live.LogQuery;
import dev.muster.live.ServicePort;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Plan;
import dev.muster.resource.ObjectRef;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The rights for reading what expressions name, in the way in which it is read. */
final class Reads {
  private final Plan plan;
  private final Map<String, ClusterRights> clusters;
  private final boolean standing;

  /**
   * @param standing whether what is read is watched from then on
   */
  Reads(Plan plan, Map<String, ClusterRights> clusters, boolean standing) {
    this.plan = plan;
    this.clusters = clusters;
    this.standing = standing;
  }

  void read(Collection<Need> needs, Reason reason) {
    needs.forEach(need -> read(need, reason));
  }

  private void read(Need need, Reason reason) {
    ClusterRights rights = clusters.get(need.cluster().name());
    // With a kubeconfig of its own it is that one's rights that count.
    if (rights == null || need.access().isPresent()) {
      return;
    }
    if (need.object().source() instanceof ObjectSource.Log log) {
      logs(rights, log.query(), reason);
    } else if (need.object().source() instanceof ObjectSource.All) {
      list(rights, need.ref(), reason);
    } else if (need.through().isPresent()) {
      through(rights, need.through().get(), reason);
    } else {
      Optional<Need> list = LiveReader.covering(plan, need);
      if (list.isPresent()) {
        list(rights, list.get().ref(), reason);
      } else {
        object(rights, need.ref(), reason);
      }
    }
  }

  /** One object by its name, and what is needed to hear of its changes. */
  void object(ClusterRights rights, ObjectRef ref, Reason reason) {
    rights.object(ref, reason, "get");
    if (standing) {
      rights.object(ref, reason, "list", "watch");
    }
  }

  /** All objects of a kind, and what is needed to hear of their changes. */
  void list(ClusterRights rights, ObjectRef kind, Reason reason) {
    rights.kind(kind, reason, "list");
    if (standing) {
      rights.kind(kind, reason, "watch");
    }
  }

  /** A watch lists down to the one name first, which a server holds to that name. */
  void watch(Need need, Reason reason) {
    ClusterRights rights = clusters.get(need.cluster().name());
    if (rights != null
        && need.object().source() instanceof ObjectSource.One one
        && !one.elsewhere()) {
      rights.object(need.ref(), reason, "list", "watch");
    }
  }

  private static void logs(ClusterRights rights, LogQuery query, Reason reason) {
    ObjectRef pods = ObjectRef.of("v1", "Pod", query.namespace(), "");
    rights.kind(pods, reason, "list");
    rights.need(new Target("", "pods/log", query.namespace(), ""), "get", reason);
  }

  private static void through(ClusterRights rights, ServicePort port, Reason reason) {
    String name = port.scheme() + ":" + port.service() + ":" + port.port();
    rights.need(new Target("", "services/proxy", port.namespace(), name), "get", reason);
  }
}
