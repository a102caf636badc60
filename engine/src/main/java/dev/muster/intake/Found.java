package dev.muster.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the live objects say of one cluster.
 *
 * @param fields keys of the topology
 * @param secrets the content of files that the topology would name, by the key that names them
 * @param notes what is to be told people about it
 * @param unread keys that could not be found out, by what could not be read for them
 */
public record Found(
    ObjectNode fields,
    Map<String, String> secrets,
    List<String> notes,
    Map<String, List<String>> unread) {
  public Found {
    secrets = Map.copyOf(secrets);
    notes = List.copyOf(notes);
    unread = Collections.unmodifiableMap(new LinkedHashMap<>(unread));
  }

  /** What could not be found out, a sentence for each object that could not be read. */
  public List<String> missing() {
    return unread.entrySet().stream()
        .map(
            each ->
                String.join(", ", each.getValue()) + " could not be found out: " + each.getKey())
        .toList();
  }

  /** Names the keys only: the secrets are secrets. */
  @Override
  public String toString() {
    return "keys " + fields.properties().stream().map(Map.Entry::getKey).toList();
  }
}
