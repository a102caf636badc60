package dev.muster.apply;

import dev.muster.changes.Clusters;
import dev.muster.changes.Planner;
import dev.muster.diff.ObjectDiff;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Issuance;
import dev.muster.live.TokenRequest;
import dev.muster.resource.Declared;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Has the tokens of an object issued, right before it is written. */
final class TokenDesk {
  private final Planner planner;
  private final Clusters clusters;
  private final RunLock lock;

  TokenDesk(Planner planner, Clusters clusters, RunLock lock) {
    this.planner = planner;
    this.clusters = clusters;
    this.lock = lock;
  }

  /** A token that was not issued. */
  static final class Refused extends Exception {
    private final transient Declared.Issued token;
    private final transient Failure failure;

    Refused(Declared.Issued token, Failure failure) {
      super(failure.kind().name());
      this.token = token;
      this.failure = failure;
    }

    Declared.Issued token() {
      return token;
    }

    Failure failure() {
      return failure;
    }
  }

  /**
   * All that the difference wants, one for equal ones.
   *
   * @param redactor learns them before anybody else has them
   */
  Map<Declared.Issued, String> issue(ObjectDiff diff, Redactor redactor) throws Refused {
    Map<Declared.Issued, String> tokens = new LinkedHashMap<>();
    for (Declared.Issued wanted : diff.toIssue()) {
      Issuance answer = issue(wanted);
      if (answer instanceof Issuance.Failed failed) {
        throw new Refused(wanted, failed.failure());
      }
      String token = ((Issuance.Token) answer).text();
      SecretText.teach(redactor, token);
      tokens.put(wanted, token);
    }
    return tokens;
  }

  private Issuance issue(Declared.Issued wanted) {
    Optional<ClusterDeclaration> issuer = planner.cluster(wanted.cluster());
    if (issuer.isEmpty()) {
      return new Issuance.Failed(
          new Failure(Failure.Kind.NO_ACCESS, "there is no cluster " + wanted.cluster()));
    }
    Cluster cluster = clusters.open(issuer.get()).under(lock);
    return cluster.issue(new TokenRequest(wanted.account(), wanted.duration(), wanted.audiences()));
  }
}
