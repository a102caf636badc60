package dev.muster.session;

import dev.muster.changes.Inspector;
import dev.muster.diff.Fingerprint;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.Plan;
import dev.muster.plan.RotationSpec;
import dev.muster.topology.ClusterDeclaration;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Columns that tell which clusters have the same secret, without telling the secret: fingerprints
 * with a key that is made for this one table and kept nowhere.
 */
public final class SecretColumns {
  private static final int SHOWN = 8;

  private final List<RotationSpec> rotations;
  private final Fingerprint fingerprint = Fingerprint.withNewKey(new SecureRandom());

  public SecretColumns(Plan plan) {
    rotations = List.copyOf(plan.rotations().values());
  }

  public List<String> titles() {
    return rotations.stream().map(rotation -> rotation.name().toUpperCase(Locale.ROOT)).toList();
  }

  /** One cell for each column. */
  public List<String> cells(ClusterDeclaration cluster, Inspector inspector, boolean reached) {
    List<String> cells = new ArrayList<>();
    for (RotationSpec rotation : rotations) {
      Template template = cluster.host() ? rotation.ofHost() : rotation.ofMember();
      cells.add(reached ? cell(cluster, inspector, template) : "?");
    }
    return cells;
  }

  private String cell(ClusterDeclaration cluster, Inspector inspector, Template template) {
    inspector.read(cluster, List.of(template));
    Outcome outcome = inspector.evaluate(cluster, template);
    if (!(outcome instanceof Outcome.Value value)) {
      return outcome instanceof Outcome.Missing ? "-" : "?";
    }
    return fingerprint
        .of(value.value().asText())
        .map(print -> print.substring(0, SHOWN))
        .orElse("too short");
  }
}
