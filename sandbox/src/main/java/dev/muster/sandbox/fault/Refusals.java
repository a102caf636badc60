package dev.muster.sandbox.fault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.server.rest.RequestInfo;
import java.nio.charset.StandardCharsets;

/**
 * Refusals as a kube-apiserver words them (k8s.io/apimachinery/pkg/api/errors, release 1.34), so
 * that nothing tells them from real ones.
 */
final class Refusals {
  private Refusals() {}

  static byte[] body(int status, RequestInfo info, int retrySeconds) {
    return body(status, info, retrySeconds, message(status, info));
  }

  static byte[] body(int status, RequestInfo info, int retrySeconds, String message) {
    ObjectNode body = Json.object();
    body.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    body.put("status", "Failure").put("message", message);
    body.put("reason", reason(status, info));
    ObjectNode details = body.putObject("details");
    if (!info.name().isEmpty()) {
      details.put("name", info.name());
    }
    if (!info.group().isEmpty()) {
      details.put("group", info.group());
    }
    details.put("kind", info.plural());
    if (retrySeconds > 0) {
      details.put("retryAfterSeconds", retrySeconds);
    }
    body.put("code", status);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String what(RequestInfo info) {
    return info.group().isEmpty() ? info.plural() : info.plural() + "." + info.group();
  }

  private static String message(int status, RequestInfo info) {
    String object = what(info) + (info.name().isEmpty() ? "" : " \"" + info.name() + "\"");
    return switch (status) {
      case 401 -> "Unauthorized";
      case 403 ->
          object
              + " is forbidden: User \"muster\" cannot "
              + info.verb()
              + " resource \""
              + info.plural()
              + "\" in API group \""
              + info.group()
              + "\""
              + (info.namespace().isEmpty()
                  ? " at the cluster scope"
                  : " in the namespace \"" + info.namespace() + "\"");
      case 404 -> object + " not found";
      case 409 ->
          info.verb().equals("create")
              ? object + " already exists"
              : "Operation cannot be fulfilled on "
                  + object
                  + ": the object has been modified;"
                  + " please apply your changes to the latest version and try again";
      case 410 -> "The resourceVersion for the provided watch is too old.";
      case 422 -> object + " is invalid: spec: Invalid value: a value that is not allowed";
      case 429 -> "too many requests, please try again later";
      case 500 -> "Internal error occurred: etcdserver: leader changed";
      case 503 -> "the server is currently unable to handle the request";
      case 504 -> "Timeout: request did not complete within the allotted timeout";
      default -> "the server said " + status;
    };
  }

  private static String reason(int status, RequestInfo info) {
    return switch (status) {
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 409 -> info.verb().equals("create") ? "AlreadyExists" : "Conflict";
      case 410 -> "Expired";
      case 422 -> "Invalid";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalError";
      case 503 -> "ServiceUnavailable";
      case 504 -> "Timeout";
      default -> "";
    };
  }
}
