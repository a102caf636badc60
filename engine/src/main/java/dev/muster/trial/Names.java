package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What objects are called in cases, and what the plan knows of them. */
final class Names {
  private static final Pattern VERSION = Pattern.compile("v[0-9]+((alpha|beta)[0-9]+)?");

  private final Plan plan;

  Names(Plan plan) {
    this.plan = plan;
  }

  /** The reference of a manifest; empty when it is none. */
  Optional<ObjectRef> of(JsonNode manifest) {
    return reference(manifest).map(this::known);
  }

  /** The same with a plural that follows the rule. */
  static Optional<ObjectRef> reference(JsonNode manifest) {
    String apiVersion = manifest.path("apiVersion").asText();
    String kind = manifest.path("kind").asText();
    String name = manifest.path("metadata").path("name").asText();
    if (apiVersion.isEmpty() || kind.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    String namespace = manifest.path("metadata").path("namespace").asText();
    return Optional.of(ObjectRef.of(apiVersion, kind, namespace, name));
  }

  /** {@code group/version/Kind/namespace/name}, as a plan writes it; empty when it is not so. */
  Optional<ObjectRef> of(String written) {
    return parsed(written).map(this::known);
  }

  static Optional<ObjectRef> parsed(String written) {
    List<String> parts = new ArrayList<>(List.of(written.split("/", -1)));
    int version = VERSION.matcher(parts.get(0)).matches() ? 0 : 1;
    int names = parts.size() - version - 2;
    if (names < 1 || names > 2 || !VERSION.matcher(parts.get(version)).matches()) {
      return Optional.empty();
    }
    String apiVersion = String.join("/", parts.subList(0, version + 1));
    String namespace = names == 2 ? parts.get(version + 2) : "";
    return Optional.of(
        ObjectRef.of(apiVersion, parts.get(version + 1), namespace, parts.get(parts.size() - 1)));
  }

  /** As a plan writes it. */
  static String written(ObjectRef ref) {
    String namespace = ref.namespace().isEmpty() ? "" : ref.namespace() + "/";
    return ref.apiVersion() + "/" + ref.kind() + "/" + namespace + ref.name();
  }

  /** The plan may know a plural that does not follow the rule. */
  private ObjectRef known(ObjectRef ref) {
    return plan.objects().values().stream()
        .flatMap(spec -> kind(spec).stream())
        .filter(
            kind -> kind.apiVersion().equals(ref.apiVersion()) && kind.kind().equals(ref.kind()))
        .findFirst()
        .map(kind -> ref.withPlural(kind.plural()))
        .orElse(ref);
  }

  private static Optional<ObjectRef> kind(ObjectSpec spec) {
    return spec.source() instanceof ObjectSource.One one
        ? Optional.of(one.pattern())
        : spec.source() instanceof ObjectSource.All all
            ? Optional.of(all.kind())
            : Optional.empty();
  }
}
