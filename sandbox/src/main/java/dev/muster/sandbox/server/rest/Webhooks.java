package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.kind.ResourceId;
import dev.muster.sandbox.server.store.LabelSelector;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Asks the validating webhooks that the cluster's configuration objects name: each for what its
 * rules and its objectSelector cover. Selectors of namespaces are not looked at.
 */
final class Webhooks {
  private static final ResourceId CONFIGURATIONS =
      new ResourceId("admissionregistration.k8s.io", "validatingwebhookconfigurations");

  private Webhooks() {}

  /** Throws the refusal of the first webhook that refuses. */
  static void review(Backend backend, AdmissionHook.Review review) {
    if (review.kind().resource().equals(CONFIGURATIONS)) {
      // A real server does not ask about them either: nobody could repair a broken one.
      return;
    }
    for (ObjectNode configuration :
        backend.store().list(CONFIGURATIONS, Optional.empty()).items()) {
      for (JsonNode webhook : configuration.path("webhooks")) {
        if (covers(webhook.path("rules"), review) && selects(webhook, review)) {
          ask(backend, webhook, review);
        }
      }
    }
  }

  private static void ask(Backend backend, JsonNode webhook, AdmissionHook.Review review) {
    String name = webhook.path("name").asText();
    AdmissionHook hook = backend.webhooks().get(name);
    if (hook == null) {
      if (webhook.path("failurePolicy").asText().equals("Ignore")) {
        return;
      }
      throw ApiError.webhookFailed(name);
    }
    Optional<AdmissionHook.Denial> denial = hook.review(review);
    if (denial.isPresent()) {
      throw ApiError.denied(denial.get());
    }
  }

  private static boolean covers(JsonNode rules, AdmissionHook.Review review) {
    String plural = review.kind().plural();
    String resource = review.subresource().isEmpty() ? plural : plural + "/" + review.subresource();
    for (JsonNode rule : rules) {
      if (names(rule.path("operations"), review.operation())
          && names(rule.path("apiGroups"), review.kind().group())
          && names(rule.path("apiVersions"), review.kind().version())
          && (names(rule.path("resources"), resource) || contains(rule.path("resources"), "*/*"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(JsonNode list, String value) {
    return contains(list, value) || contains(list, "*") && !value.contains("/");
  }

  private static boolean contains(JsonNode list, String value) {
    for (JsonNode each : list) {
      if (each.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }

  /** Either the object as it was or as it is to be. */
  private static boolean selects(JsonNode webhook, AdmissionHook.Review review) {
    Predicate<JsonNode> selector = LabelSelector.of(webhook.path("objectSelector"));
    return review.before().filter(selector).isPresent()
        || review.object().filter(selector).isPresent();
  }
}
