package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as a map of CEL, which converts what is read of it, and keeps what it converted:
 * two threads may convert the same part; either result is right. Being a value of CEL's own, it is
 * left alone where the library goes through all parts of any other map, to the last field of the
 * last object, whenever a variable is named or a field selected: a fifth of what a run computes.
 */
@SuppressWarnings("Immutable") // To whoever looks it is: only when a part is converted differs.
final class MapView extends CelValue implements Map<String, Object> {
  private static final CelType TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

  private final ObjectNode node;
  private final Map<String, Object> entries = new Entries();
  private volatile @Nullable Map<String, Object> converted;

  MapView(ObjectNode node) {
    this.node = node;
  }

  ObjectNode node() {
    return node;
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return node.isEmpty();
  }

  @Override
  public CelType celType() {
    return TYPE;
  }

  @Override
  public int size() {
    return node.size();
  }

  @Override
  public boolean isEmpty() {
    return node.isEmpty();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key instanceof String name && node.has(name);
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    return entries.containsValue(value);
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    Map<String, Object> all = converted;
    if (all != null) {
      return all.get(key);
    }
    JsonNode value = key instanceof String name ? node.get(name) : null;
    return value == null ? null : Values.fromJson(value);
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    Map<String, Object> all = converted;
    if (all == null) {
      all = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        all.put(entry.getKey(), Values.fromJson(entry.getValue()));
      }
      converted = all;
    }
    return all.entrySet();
  }

  @Override
  public Set<String> keySet() {
    return entries.keySet();
  }

  @Override
  public Collection<Object> values() {
    return entries.values();
  }

  @Override
  public Object put(String key, Object value) {
    throw new UnsupportedOperationException("what was read is not written to");
  }

  @Override
  public Object remove(@Nullable Object key) {
    throw new UnsupportedOperationException("what was read is not written to");
  }

  @Override
  public void putAll(Map<? extends String, ?> more) {
    throw new UnsupportedOperationException("what was read is not written to");
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException("what was read is not written to");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || entries.equals(other);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }

  /** The view by the methods that follow from its entries. */
  private final class Entries extends AbstractMap<String, Object> {
    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      return MapView.this.entrySet();
    }
  }
}
