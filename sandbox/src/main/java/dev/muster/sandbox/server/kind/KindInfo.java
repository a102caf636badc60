package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One served kind in one version.
 *
 * @param statusSubresource spec and status are written apart, and generation counts only the spec
 * @param generation whether metadata.generation is kept at all (not for most core kinds)
 * @param builtIn typed in a real server: strategic merge patch, list keys, nulls dropped
 * @param schema an openAPIV3Schema to check and prune by; without one everything is kept
 */
public record KindInfo(
    String group,
    String version,
    String kind,
    String plural,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    boolean statusSubresource,
    boolean generation,
    boolean builtIn,
    List<Column> columns,
    List<FieldRule> rules,
    Optional<JsonNode> schema) {

  public KindInfo {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    columns = List.copyOf(columns);
    rules = List.copyOf(rules);
  }

  /** A custom kind whose objects live in namespaces. */
  public static KindInfo namespaced(String group, String version, String kind, String plural) {
    return custom(group, version, kind, plural, true);
  }

  /** A custom kind whose objects belong to the whole cluster. */
  public static KindInfo clusterScoped(String group, String version, String kind, String plural) {
    return custom(group, version, kind, plural, false);
  }

  private static KindInfo custom(
      String group, String version, String kind, String plural, boolean namespaced) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        List.of(),
        List.of(),
        false,
        true,
        false,
        List.of(),
        List.of(),
        Optional.empty());
  }

  public KindInfo withShortNames(List<String> names) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        names,
        categories,
        statusSubresource,
        generation,
        builtIn,
        columns,
        rules,
        schema);
  }

  public KindInfo withCategories(List<String> names) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        shortNames,
        names,
        statusSubresource,
        generation,
        builtIn,
        columns,
        rules,
        schema);
  }

  public KindInfo withStatusSubresource() {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        shortNames,
        categories,
        true,
        generation,
        builtIn,
        columns,
        rules,
        schema);
  }

  public KindInfo withColumns(List<Column> shown) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        shortNames,
        categories,
        statusSubresource,
        generation,
        builtIn,
        shown,
        rules,
        schema);
  }

  public KindInfo withRules(List<FieldRule> checked) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        shortNames,
        categories,
        statusSubresource,
        generation,
        builtIn,
        columns,
        checked,
        schema);
  }

  public KindInfo withSchema(JsonNode openApiV3Schema) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        shortNames,
        categories,
        statusSubresource,
        generation,
        builtIn,
        columns,
        rules,
        Optional.of(openApiV3Schema));
  }

  KindInfo asBuiltIn(boolean keepsGeneration) {
    return new KindInfo(
        group,
        version,
        kind,
        plural,
        namespaced,
        shortNames,
        categories,
        statusSubresource,
        keepsGeneration,
        true,
        columns,
        rules,
        schema);
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public String singular() {
    return kind.toLowerCase(Locale.ROOT);
  }

  public ResourceId resource() {
    return new ResourceId(group, plural);
  }

  /** As Kubernetes writes it in messages: {@code Deployment.apps}, {@code Pod}. */
  public String groupKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }
}
