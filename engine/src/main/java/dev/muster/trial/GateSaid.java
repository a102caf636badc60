package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.gate.Cause;
import java.util.Optional;

/**
 * What a gate says at one moment.
 *
 * @param state {@code open}, {@code waiting} or {@code failed}
 * @param why what is waited for, or why it failed
 * @param cause what explains a wait, and what to do about it or about a failure
 */
record GateSaid(String state, String why, Optional<Cause> cause) {
  static GateSaid open() {
    return new GateSaid("open", "", Optional.empty());
  }

  boolean isOpen() {
    return state.equals("open");
  }

  /** As a case has it. */
  JsonNode json() {
    if (isOpen()) {
      return TextNode.valueOf(state);
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode().put(state, why);
    cause.ifPresent(
        found -> {
          if (state.equals("waiting")) {
            node.put("cause", found.text());
          }
          node.put("next", found.next());
        });
    return node;
  }
}
