package dev.muster.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What the live objects say of one cluster.
 *
 * @param fields keys of the topology
 * @param secrets the content of files that the topology would name, by the key that names them
 * @param notes what is to be told people about it
 */
public record Found(ObjectNode fields, Map<String, String> secrets, List<String> notes) {
  public Found {
    secrets = Map.copyOf(secrets);
    notes = List.copyOf(notes);
  }

  /** Names the keys only: the secrets are secrets. */
  @Override
  public String toString() {
    return "keys " + fields.properties().stream().map(Map.Entry::getKey).toList();
  }
}
