package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.rehearsal.RecordingClusters;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The namespaces that a plan's objects are in and nothing was read of: whether they are there
 * decides whether anything can be made in them.
 */
final class RecordedNamespaces {
  private final RecordingClusters recording;
  private final Map<ClusterDeclaration, Set<String>> named = new LinkedHashMap<>();

  RecordedNamespaces(RecordingClusters recording) {
    this.recording = recording;
  }

  void add(ClusterDeclaration cluster, ObjectRef ref) {
    if (!ref.namespace().isEmpty()) {
      named.computeIfAbsent(cluster, each -> new LinkedHashSet<>()).add(ref.namespace());
    }
  }

  /** Those in which something is to be written. */
  void add(ChangeSet changeSet) {
    for (StepPlan step : changeSet.steps()) {
      for (Change change : step.effective()) {
        add(step.step().cluster(), change.ref());
      }
    }
  }

  /**
   * Asks for them, so that they are recorded.
   *
   * @return for each cluster stand-ins, without a UID, of those that it did not say anything of
   */
  Map<String, List<JsonNode>> read() {
    Map<String, List<JsonNode>> unknown = new HashMap<>();
    named.forEach(
        (cluster, namespaces) -> {
          recording
              .of(cluster.name())
              .forEach(object -> namespaces.remove(object.ref().namespace()));
          for (String namespace : namespaces) {
            recording
                .open(cluster)
                .read(ObjectRef.of("v1", "Namespace", "", namespace))
                .failed()
                .ifPresent(
                    failure ->
                        unknown
                            .computeIfAbsent(cluster.name(), name -> new ArrayList<>())
                            .add(standIn(namespace)));
          }
        });
    return unknown;
  }

  private static JsonNode standIn(String namespace) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", "v1").put("kind", "Namespace");
    object.putObject("metadata").put("name", namespace);
    return object;
  }
}
