package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.json.Json;
import java.io.IOException;

/** Questions about rights: SelfSubjectAccessReview and SelfSubjectRulesReview. */
final class Reviews {
  static final String GROUP = "authorization.k8s.io";
  static final String ACCESS = "selfsubjectaccessreviews";
  static final String RULES = "selfsubjectrulesreviews";

  private final Authorizer authorizer;

  Reviews(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  void serve(Exchange exchange, RequestInfo info, String user) throws IOException {
    if (!info.verb().equals("create")) {
      throw ApiError.methodNotAllowed();
    }
    ObjectNode review = ApiRequest.object(Json.parse(exchange.request().body()));
    ObjectNode status = Json.child(review, "status");
    if (info.plural().equals(ACCESS)) {
      JsonNode asked = review.at("/spec/resourceAttributes");
      String resource = asked.path("resource").asText();
      String sub = asked.path("subresource").asText();
      boolean allowed =
          authorizer.allows(
              user,
              new Authorizer.Attempt(
                  asked.path("verb").asText(),
                  asked.path("group").asText(),
                  sub.isEmpty() ? resource : resource + "/" + sub,
                  asked.path("namespace").asText(),
                  asked.path("name").asText()));
      status.put("allowed", allowed);
    } else {
      status.put("incomplete", false);
      ObjectNode rule = status.putArray("resourceRules").addObject();
      for (String field : new String[] {"verbs", "apiGroups", "resources"}) {
        rule.putArray(field).add("*");
      }
      ObjectNode path = status.putArray("nonResourceRules").addObject();
      path.putArray("verbs").add("*");
      path.putArray("nonResourceURLs").add("*");
    }
    exchange.send(201, "application/json", Json.bytes(review));
  }
}
