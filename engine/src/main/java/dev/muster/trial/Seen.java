package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one stage of a case has shown, in the form in which cases say what they expect.
 *
 * @param changes step to object to field to {@code from} and {@code to}
 * @param unexpected how steps ended that did not do what they were to, by step id
 * @param gates what the gates said, by step id; also those only looked at in the end
 * @param steps how each step ended, by step id
 * @param objects what there is in the end
 * @param written clusters to the objects that the run wrote, in full
 */
record Seen(
    ObjectNode changes,
    List<String> problems,
    List<String> notes,
    ObjectNode gates,
    ObjectNode steps,
    Map<String, String> unexpected,
    int exit,
    Objects objects,
    Map<String, List<Objects.Found>> written) {

  /** The objects in the clusters at the end of a stage. */
  interface Objects {
    /**
     * One of them.
     *
     * @param tree without the server's bookkeeping, embedded documents beside the fields
     * @param shown the same free of sensitive values
     * @param touched the fields that the run set, in full objects that it made; free of them too
     */
    record Found(String cluster, JsonNode tree, JsonNode shown, JsonNode touched) {}

    /**
     * The object that a manifest names by apiVersion, kind and name; empty when it is not there.
     */
    Optional<Found> of(String cluster, JsonNode manifest);

    /** Whether an object is there that is named as plans name it. */
    boolean has(String cluster, String written);

    boolean knows(String cluster);

    Secrets secrets();
  }
}
