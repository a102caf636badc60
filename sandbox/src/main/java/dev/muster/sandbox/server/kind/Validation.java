package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks objects as a real server does before it stores them: names, the needs of some built-in
 * kinds, registered rules.
 */
public final class Validation {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

  private final KindInfo kind;
  private final ObjectNode object;
  private final List<FieldError> errors = new ArrayList<>();

  private Validation(KindInfo kind, ObjectNode object) {
    this.kind = kind;
    this.object = object;
  }

  /** Everything wrong with the object; {@code before} is what it replaces. */
  public static List<FieldError> of(KindInfo kind, ObjectNode object, Optional<ObjectNode> before) {
    Validation run = new Validation(kind, object);
    run.name();
    run.labels();
    if (kind.builtIn()) {
      run.builtIn(before);
    }
    kind.rules().forEach(rule -> rule.check(object).ifPresent(run.errors::add));
    return run.errors;
  }

  private void name() {
    String name = object.at("/metadata/name").asText();
    if (name.isEmpty()) {
      errors.add(
          new FieldError(
              "FieldValueRequired",
              "metadata.name",
              "Required value: name or generateName is required"));
    } else if (kind.group().equals("rbac.authorization.k8s.io")) {
      if (name.contains("/") || name.contains("%")) {
        errors.add(FieldError.invalid("metadata.name", quote(name), "may not contain '/'"));
      }
    } else if (kind.groupKind().equals("Namespace") || kind.groupKind().equals("Service")) {
      if (name.length() > 63 || !DNS_LABEL.matcher(name).matches()) {
        errors.add(
            FieldError.invalid(
                "metadata.name",
                quote(name),
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                    + " '-', and must start and end with an alphanumeric character (e.g."
                    + " 'my-name',  or '123-abc', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"));
      }
    } else if (name.length() > 253 || !SUBDOMAIN.matcher(name).matches()) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              quote(name),
              "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                  + " '-' or '.', and must start and end with an alphanumeric character (e.g."
                  + " 'example.com', regex used for validation is"
                  + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"));
    }
  }

  private void labels() {
    object
        .at("/metadata/labels")
        .fields()
        .forEachRemaining(
            label -> {
              String value = label.getValue().asText();
              if (value.length() > 63 || !LABEL_VALUE.matcher(value).matches()) {
                errors.add(
                    FieldError.invalid(
                        "metadata.labels",
                        quote(value),
                        "a valid label must be an empty string or consist of alphanumeric"
                            + " characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                            + " '12345', regex used for validation is"
                            + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
              }
            });
  }

  private void builtIn(Optional<ObjectNode> before) {
    switch (kind.groupKind()) {
      case "Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "DaemonSet.apps" ->
          workload(before);
      case "Pod" -> containers(object.at("/spec/containers"), "spec.containers");
      case "Service" -> service(before);
      case "Secret" -> secret();
      default -> {}
    }
  }

  private void workload(Optional<ObjectNode> before) {
    JsonNode selector = object.at("/spec/selector");
    if (!selector.isObject() || selector.isEmpty()) {
      errors.add(FieldError.required("spec.selector"));
    } else {
      JsonNode labels = object.at("/spec/template/metadata/labels");
      boolean matches = true;
      for (var wanted = selector.path("matchLabels").fields(); wanted.hasNext(); ) {
        var label = wanted.next();
        matches &= labels.path(label.getKey()).equals(label.getValue());
      }
      if (!matches) {
        errors.add(
            FieldError.invalid(
                "spec.template.metadata.labels",
                labels.isMissingNode() ? "null" : labels.toString(),
                "`selector` does not match template `labels`"));
      }
      JsonNode former = before.<JsonNode>map(b -> b.at("/spec/selector")).orElse(selector);
      if (!Json.same(former, selector)) {
        errors.add(FieldError.invalid("spec.selector", selector.toString(), "field is immutable"));
      }
    }
    if (object.at("/spec/replicas").asInt() < 0) {
      errors.add(
          FieldError.invalid(
              "spec.replicas",
              object.at("/spec/replicas").asText(),
              "must be greater than or equal to 0"));
    }
    containers(object.at("/spec/template/spec/containers"), "spec.template.spec.containers");
  }

  private void containers(JsonNode containers, String path) {
    if (!containers.isArray() || containers.isEmpty()) {
      errors.add(FieldError.required(path));
      return;
    }
    for (int i = 0; i < containers.size(); i++) {
      for (String field : new String[] {"name", "image"}) {
        if (containers.get(i).path(field).asText().isEmpty()) {
          errors.add(FieldError.required(path + "[" + i + "]." + field));
        }
      }
    }
  }

  private void service(Optional<ObjectNode> before) {
    JsonNode spec = object.path("spec");
    boolean headless = spec.path("clusterIP").asText().equals("None");
    boolean named = spec.path("type").asText().equals("ExternalName");
    if (!spec.path("ports").isArray() || spec.path("ports").isEmpty()) {
      if (!headless && !named) {
        errors.add(FieldError.required("spec.ports"));
      }
    }
    String former = before.map(b -> b.at("/spec/clusterIP").asText()).orElse("");
    if (!former.isEmpty() && !named && !former.equals(spec.path("clusterIP").asText())) {
      errors.add(
          FieldError.invalid(
              "spec.clusterIPs[0]",
              "[" + spec.path("clusterIPs").path(0) + "]",
              "may not change once set"));
    }
  }

  private void secret() {
    object
        .path("data")
        .fields()
        .forEachRemaining(
            entry -> {
              String text = entry.getValue().asText();
              if (!text.isEmpty() && !FieldRule.Formats.isBytes(text)) {
                errors.add(
                    FieldError.invalid(
                        "data[" + entry.getKey() + "]", "\"\"", "illegal base64 data"));
              }
            });
  }

  private static String quote(String text) {
    return "\"" + text + "\"";
  }
}
