package dev.muster.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Unmanaged;
import java.util.List;
import java.util.Optional;

/** Members of the host that the topology does not name, in every output alike. */
public final class UnmanagedText {
  private static final int MOST = 20;

  private UnmanagedText() {}

  /** One line of text; empty when there is nothing to tell. */
  public static Optional<String> of(Unmanaged unmanaged, Clean clean) {
    if (!unmanaged.unknown().isEmpty()) {
      return Optional.of(
          "unmanaged: not known, as the registered members cannot be listed: "
              + clean.line(unmanaged.unknown()));
    }
    List<String> names = unmanaged.names();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String more = names.size() > MOST ? " and " + (names.size() - MOST) + " more" : "";
    return Optional.of(
        "unmanaged: "
            + clean.line(String.join(", ", names.subList(0, Math.min(MOST, names.size()))))
            + more
            + " (registered on the host, not in this topology; left alone)");
  }

  static void put(ObjectNode root, Unmanaged unmanaged, Clean clean) {
    ArrayNode array = root.putArray("unmanaged");
    unmanaged
        .members()
        .forEach(
            member ->
                array
                    .addObject()
                    .put("name", clean.line(member.name()))
                    .put("uid", clean.line(member.uid())));
    if (!unmanaged.unknown().isEmpty()) {
      root.put("unmanagedUnknown", clean.line(unmanaged.unknown()));
    }
  }
}
