package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Declared fields with expressions in the place of values. */
public sealed interface DeclaredTemplate {
  /** All templates below, in order. */
  List<Template> templates();

  record Leaf(Template template) implements DeclaredTemplate {
    @Override
    public List<Template> templates() {
      return List.of(template);
    }
  }

  /** A constant: a number, a boolean, a null. */
  record Constant(com.fasterxml.jackson.databind.JsonNode value) implements DeclaredTemplate {
    @Override
    public List<Template> templates() {
      return List.of();
    }
  }

  /**
   * A map.
   *
   * @param spreads maps whose entries are declared too, before the named ones
   */
  record Fields(List<Template> spreads, Map<String, DeclaredTemplate> entries)
      implements DeclaredTemplate {
    public Fields {
      spreads = List.copyOf(spreads);
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public List<Template> templates() {
      List<Template> all = new ArrayList<>(spreads);
      entries.values().forEach(entry -> all.addAll(entry.templates()));
      return all;
    }
  }

  record Items(List<DeclaredTemplate> elements) implements DeclaredTemplate {
    public Items {
      elements = List.copyOf(elements);
    }

    @Override
    public List<Template> templates() {
      List<Template> all = new ArrayList<>();
      elements.forEach(element -> all.addAll(element.templates()));
      return all;
    }
  }
}
