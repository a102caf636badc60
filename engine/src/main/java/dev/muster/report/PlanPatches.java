package dev.muster.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.diff.ReadablePatch;

/** The RFC 6902 patch of each object, sensitive values and embedded documents replaced. */
public final class PlanPatches {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Fingerprint fingerprint;
  private final Clean clean;

  public PlanPatches(Fingerprint fingerprint, Clean clean) {
    this.fingerprint = fingerprint;
    this.clean = clean;
  }

  public String render(ChangeSet changeSet) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (StepPlan step : changeSet.steps()) {
      if (step.decision() == StepPlan.Decision.DEFERRED) {
        continue; // Somebody else sends it.
      }
      for (Change change : step.effective()) {
        ObjectNode node = all.addObject();
        node.put("step", step.step().id()).put("cluster", step.step().cluster().name());
        node.put("action", PlanJson.action(change));
        node.set("ref", PlanJson.ref(change.ref()));
        node.put("fromManifest", step.fromManifest(change));
        if (change instanceof Change.Create create && !step.fromManifest(change)) {
          node.set("patch", ReadablePatch.of(create.diff(), fingerprint));
        } else if (change instanceof Change.Patch patch) {
          node.set("patch", ReadablePatch.of(patch.diff(), fingerprint));
        } else {
          // Not a patch yet: the fields with what is known of them.
          ArrayNode fields = node.putArray("fields");
          step.fields(change).forEach(field -> fields.add(field.toString()));
        }
      }
    }
    try {
      return clean.lines(JSON.writeValueAsString(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
