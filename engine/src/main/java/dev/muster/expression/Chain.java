package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.muster.expression.References.Step;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A variable and what is read of it by constant keys ({@link String}) and positions ({@link Long}).
 */
record Chain(String root, List<Object> keys) {

  /** How far a chain leads: to a node, or to an outcome and the key it stopped at. */
  record Walk(JsonNode node, Optional<Outcome> outcome, String stop) {}

  static Optional<Chain> of(CelExpr expr) {
    Deque<Object> keys = new ArrayDeque<>();
    CelExpr current = expr;
    for (Optional<Step> step = Step.of(current); step.isPresent(); step = Step.of(current)) {
      CelExpr key = step.get().key();
      if (step.get().field().isPresent()) {
        keys.addFirst(step.get().field().get());
      } else if (key.getKind() == Kind.CONSTANT
          && key.constant().getKind() == CelConstant.Kind.INT64_VALUE) {
        keys.addFirst(key.constant().int64Value());
      } else {
        return Optional.empty();
      }
      current = step.get().operand();
    }
    return current.getKind() == Kind.IDENT
        ? Optional.of(new Chain(current.ident().name(), List.copyOf(keys)))
        : Optional.empty();
  }

  Walk walk(Map<String, JsonNode> values) {
    JsonNode node = values.getOrDefault(root, MissingNode.getInstance());
    if (node.isMissingNode()) {
      return missing("there is no " + root, root);
    }
    for (int i = 0; i < keys.size(); i++) {
      Object key = keys.get(i);
      String before = new Chain(root, keys.subList(0, i)).text();
      String thing = key instanceof Long ? "entry " + key : "key \"" + key + "\"";
      JsonNode next = child(node, key);
      if (!next.isMissingNode()) {
        node = next;
      } else if (node.isNull()) {
        return missing(before + " is null, it has no " + thing, key.toString());
      } else if (key instanceof Long && node.isArray()) {
        return missing(before + ": no " + thing + ", the list has " + node.size(), key.toString());
      } else if (node.isObject()) {
        return missing(before + ": no such " + thing, key.toString());
      } else {
        String message = before + " is " + Values.kind(node) + ", it has no " + thing;
        return new Walk(node, Optional.of(new Outcome.Error(message)), key.toString());
      }
    }
    return new Walk(node, Optional.empty(), "");
  }

  private static JsonNode child(JsonNode node, Object key) {
    if (key instanceof Long position) {
      boolean inside = position >= 0 && position < node.size();
      return inside && node.isArray() ? node.path(position.intValue()) : MissingNode.getInstance();
    }
    return node.path((String) key);
  }

  private static Walk missing(String what, String key) {
    return new Walk(MissingNode.getInstance(), Optional.of(new Outcome.Missing(what)), key);
  }

  /** As it is written: {@code host.list[0]['a-b']}. */
  String text() {
    StringBuilder text = new StringBuilder(root);
    for (Object key : keys) {
      if (key instanceof Long) {
        text.append('[').append(key).append(']');
      } else if (key.toString().matches("[A-Za-z_]\\w*")) {
        text.append('.').append(key);
      } else {
        text.append("['").append(key).append("']");
      }
    }
    return text.toString();
  }
}
