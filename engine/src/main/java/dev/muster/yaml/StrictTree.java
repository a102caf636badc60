package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives parts their value by YAML 1.2, and reports what another reader could take otherwise. */
final class StrictTree {
  private static final int MAX_ALIASED = 10_000;

  private final SourceText source;
  private final Problems problems;
  private int aliased;
  private int aliasDepth;

  StrictTree(SourceText source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  YamlNode node(Part part) {
    Where where = source.where(part.start());
    if (aliasDepth > 0 && ++aliased > MAX_ALIASED) {
      problems.error(
          Where.file(where.file()), "its aliases expand to more than " + MAX_ALIASED + " values");
      return new YamlNode.Scalar(where, "", true, Scalars.core(""));
    }
    if (part instanceof Part.Alias alias) {
      aliasDepth++;
      YamlNode target = node(alias.target());
      aliasDepth--;
      return target;
    }
    if (part instanceof Part.Mapping mapping) {
      refuseTag(where, mapping.tag());
      return mapping(where, mapping);
    }
    if (part instanceof Part.Sequence sequence) {
      refuseTag(where, sequence.tag());
      return new YamlNode.Sequence(where, sequence.elements().stream().map(this::node).toList());
    }
    return scalar(where, (Part.Scalar) part);
  }

  private YamlNode scalar(Where where, Part.Scalar scalar) {
    refuseTag(where, scalar.tag());
    if (!scalar.plain()) {
      return new YamlNode.Scalar(where, scalar.text(), false, TextNode.valueOf(scalar.text()));
    }
    JsonNode value = Scalars.core(scalar.text());
    if (value.isMissingNode() || !Scalars.readsEverywhereAs(scalar.text(), value)) {
      problems.error(
          where,
          "'" + scalar.text() + "' means different things to different YAML readers",
          advice(scalar.text(), value));
    }
    JsonNode safe = value.isMissingNode() ? TextNode.valueOf(scalar.text()) : value;
    return new YamlNode.Scalar(where, scalar.text(), true, safe);
  }

  private static String advice(String text, JsonNode value) {
    String quote = "quote it if it is a text: \"" + text + "\"";
    JsonNode other = Scalars.yaml11(text);
    if (other.isBoolean() || Scalars.go(text).isBoolean()) {
      JsonNode meant = other.isBoolean() ? other : Scalars.go(text);
      return quote + "; write " + meant.asText() + " if it is a boolean";
    }
    return value.isNumber() ? quote + "; write a number in plain decimals" : quote;
  }

  private YamlNode mapping(Where where, Part.Mapping mapping) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    for (Part.Pair pair : mapping.pairs()) {
      Where keyWhere = source.where(pair.key().start());
      if (!(pair.key() instanceof Part.Scalar key)) {
        problems.error(keyWhere, "a key that is not a text", "write the key as one word");
        continue;
      }
      refuseTag(keyWhere, key.tag());
      if (key.plain() && key.text().isEmpty()) {
        problems.error(keyWhere, "a key is missing before ':'");
      }
      if (key.plain() && key.text().equals("<<")) {
        problems.error(
            keyWhere, "merge keys are not supported", "repeat the keys, or quote it as \"<<\"");
        continue;
      }
      YamlNode value = node(pair.value());
      YamlNode.Entry first = entries.get(key.text());
      if (first != null) {
        Where place = first.key().where();
        problems.error(
            keyWhere,
            "key \"" + key.text() + "\" is declared twice",
            "first declared at " + place + "; remove one of the two");
        continue;
      }
      // Keys are always text here, so that 'on' and 'no' are as good a key as any.
      YamlNode.Scalar name =
          new YamlNode.Scalar(keyWhere, key.text(), key.plain(), TextNode.valueOf(key.text()));
      entries.put(key.text(), new YamlNode.Entry(name, value));
    }
    return new YamlNode.Mapping(where, List.copyOf(new ArrayList<>(entries.values())));
  }

  private void refuseTag(Where where, String tag) {
    if (!tag.isEmpty()) {
      String name = tag.replace("tag:yaml.org,2002:", "!!");
      problems.error(
          where, "tag " + name + " is not supported", "leave it out; quote the value for a text");
    }
  }
}
