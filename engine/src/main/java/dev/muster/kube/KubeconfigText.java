package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.bound.Bounds;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * A kubeconfig's YAML as a tree, within bounds. What is wrong is told by its line alone: the text
 * around it may be a key.
 */
final class KubeconfigText {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setUseMarks(true).build();
  private static final ScalarResolver RESOLVER = SETTINGS.getSchema().getScalarResolver();

  private final String label;
  private final Iterator<Event> events;
  private final Map<String, Sized> anchors = new HashMap<>();
  private long values;

  private record Sized(JsonNode value, long values) {}

  private KubeconfigText(String label, String text) {
    this.label = label;
    this.events = new Parse(SETTINGS).parseString(text).iterator();
  }

  /**
   * Reads one document; a missing node when there is none.
   *
   * @param label how messages name the file
   */
  static JsonNode parse(String label, String text) {
    try {
      return new KubeconfigText(label, text).document();
    } catch (MarkedYamlEngineException e) {
      throw new NoAccess(label + line(e.getProblemMark()) + " is not valid YAML");
    } catch (YamlEngineException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new NoAccess(label + " is not valid YAML");
    }
  }

  private JsonNode document() {
    events.next();
    if (events.next().getEventId() != Event.ID.DocumentStart) {
      return MissingNode.getInstance();
    }
    JsonNode root = value(events.next(), 0);
    events.next();
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw refused(end, "has a second document, where one is expected");
    }
    return root;
  }

  private JsonNode value(Event event, int depth) {
    if (depth > Bounds.DEPTH) {
      throw refused(event, "is nested deeper than " + Bounds.DEPTH + " levels");
    }
    if (event instanceof AliasEvent alias) {
      Sized target = anchors.get(alias.getAlias().getValue());
      if (target == null) {
        throw refused(event, "has an alias without an anchor above it");
      }
      count(event, target.values());
      return target.value();
    }
    long before = values;
    count(event, 1);
    JsonNode value =
        event instanceof ScalarEvent scalar
            ? scalar(scalar)
            : event instanceof MappingStartEvent ? mapping(depth) : list(depth);
    ((NodeEvent) event)
        .getAnchor()
        .ifPresent(name -> anchors.put(name.getValue(), new Sized(value, values - before)));
    return value;
  }

  private void count(Event event, long more) {
    values += more;
    if (values > Bounds.KUBECONFIG_VALUES) {
      throw refused(event, "holds more than " + Bounds.KUBECONFIG_VALUES + " values");
    }
  }

  private ObjectNode mapping(int depth) {
    ObjectNode mapping = JsonNodeFactory.instance.objectNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      JsonNode key = value(event, depth + 1);
      if (key.isContainerNode()) {
        throw refused(event, "has a key that is not a text");
      }
      // Two values for one key: which of them counts differs between readers.
      if (mapping.has(key.asText())) {
        throw refused(event, "has a key twice in one mapping");
      }
      mapping.set(key.asText(), value(events.next(), depth + 1));
    }
    return mapping;
  }

  private ArrayNode list(int depth) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      list.add(value(event, depth + 1));
    }
    return list;
  }

  private static JsonNode scalar(ScalarEvent event) {
    String text = event.getValue();
    if (event.getScalarStyle() != ScalarStyle.PLAIN
        || text.length() > Bounds.DIGITS
        || event.getTag().filter(tag -> tag.equals(Tag.STR.getValue())).isPresent()) {
      return TextNode.valueOf(text);
    }
    Tag tag = RESOLVER.resolve(text, true);
    if (tag.equals(Tag.NULL)) {
      return NullNode.getInstance();
    }
    if (tag.equals(Tag.BOOL)) {
      return BooleanNode.valueOf(text.equalsIgnoreCase("true"));
    }
    try {
      if (tag.equals(Tag.INT)) {
        return LongNode.valueOf(Long.parseLong(text));
      }
      double number = tag.equals(Tag.FLOAT) ? Double.parseDouble(text) : Double.NaN;
      return Double.isFinite(number) ? DoubleNode.valueOf(number) : TextNode.valueOf(text);
    } catch (NumberFormatException e) {
      return TextNode.valueOf(text);
    }
  }

  private NoAccess refused(Event event, String why) {
    return new NoAccess(label + line(event.getStartMark()) + " " + why);
  }

  private static String line(Optional<Mark> mark) {
    return mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
  }
}
