package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.FieldError;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.kind.ResourceId;
import java.util.List;
import java.util.stream.Collectors;

/** A refusal in the words of Kubernetes; carries the Status object that is sent. */
public final class ApiError extends RuntimeException {
  private final transient ObjectNode status;
  private final int code;

  private ApiError(int code, String reason, String message, ObjectNode details) {
    super(message, null, false, false);
    this.code = code;
    this.status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", message);
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    status.set("details", details);
    if (details.isEmpty() && code != 422) {
      status.remove("details");
    }
    status.put("code", code);
  }

  public int code() {
    return code;
  }

  public ObjectNode status() {
    return status;
  }

  private static ObjectNode details(ResourceId resource, String name) {
    ObjectNode details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    return details.put("kind", resource.plural());
  }

  static ApiError notFound(ResourceId resource, String name) {
    return new ApiError(
        404, "NotFound", resource + " \"" + name + "\" not found", details(resource, name));
  }

  static ApiError alreadyExists(ResourceId resource, String name) {
    return new ApiError(
        409,
        "AlreadyExists",
        resource + " \"" + name + "\" already exists",
        details(resource, name));
  }

  static ApiError modified(ResourceId resource, String name) {
    return conflict(
        resource,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiError precondition(
      ResourceId resource, String name, String field, String wanted, String found) {
    return conflict(
        resource,
        name,
        "Precondition failed: "
            + field
            + " in precondition: "
            + wanted
            + ", "
            + field
            + " in object meta: "
            + found);
  }

  private static ApiError conflict(ResourceId resource, String name, String why) {
    return new ApiError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + why,
        details(resource, name));
  }

  static ApiError invalid(KindInfo kind, String name, List<FieldError> errors) {
    ObjectNode details = Json.object().put("name", name);
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("kind", kind.kind());
    ArrayNode causes = details.putArray("causes");
    for (FieldError error : errors) {
      causes
          .addObject()
          .put("reason", error.reason())
          .put("message", error.message())
          .put("field", error.field());
    }
    String why =
        errors.size() == 1
            ? errors.get(0).toString()
            : errors.stream().map(FieldError::toString).collect(Collectors.joining(", ", "[", "]"));
    return new ApiError(
        422, "Invalid", kind.groupKind() + " \"" + name + "\" is invalid: " + why, details);
  }

  /** What a real server says when a JSON patch does not fit the live object. */
  static ApiError unprocessable() {
    return new ApiError(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        Json.object());
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, "BadRequest", message, Json.object());
  }

  public static ApiError unauthorized() {
    return new ApiError(401, "Unauthorized", "Unauthorized", Json.object());
  }

  static ApiError forbidden(ResourceId resource, String name, String why) {
    String object = name.isEmpty() ? "" : " \"" + name + "\"";
    return new ApiError(
        403, "Forbidden", resource + object + " is forbidden: " + why, details(resource, name));
  }

  public static ApiError forbiddenPath(String user, String verb, String path) {
    return new ApiError(
        403,
        "Forbidden",
        "forbidden: User \"" + user + "\" cannot " + verb + " path \"" + path + "\"",
        Json.object());
  }

  static ApiError denied(AdmissionHook.Denial denial) {
    int code = Math.max(400, denial.code());
    return new ApiError(
        code,
        code == 403 ? "Forbidden" : "",
        "admission webhook \""
            + denial.webhook()
            + "\" denied the request"
            + (denial.message().isEmpty() ? " without explanation" : ": " + denial.message()),
        Json.object());
  }

  /** Nobody answers behind a webhook whose failure policy is Fail. */
  static ApiError webhookFailed(String webhook) {
    return new ApiError(
        500,
        "InternalError",
        "Internal error occurred: failed calling webhook \""
            + webhook
            + "\": failed to call webhook: no endpoints available for its service",
        Json.object());
  }

  static ApiError methodNotAllowed() {
    return new ApiError(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        Json.object());
  }

  static ApiError unsupportedMediaType(List<String> accepted) {
    return new ApiError(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", accepted),
        Json.object());
  }

  static ApiError noServerSideApply() {
    return new ApiError(
        415,
        "UnsupportedMediaType",
        "this simulated API server does not serve server-side apply (application/apply-patch+yaml)",
        Json.object());
  }

  static ApiError expired(long asked, long oldest) {
    return new ApiError(
        410, "Expired", "too old resource version: " + asked + " (" + oldest + ")", Json.object());
  }

  static ApiError tooLargeRevision(long asked, long current) {
    ObjectNode details = Json.object();
    details
        .putArray("causes")
        .addObject()
        .put("reason", "ResourceVersionTooLarge")
        .put("message", "Too large resource version");
    details.put("retryAfterSeconds", 1);
    return new ApiError(
        504,
        "Timeout",
        "Timeout: Too large resource version: " + asked + ", current: " + current,
        details);
  }

  static ApiError unavailable(String message) {
    return new ApiError(503, "ServiceUnavailable", message, Json.object());
  }

  public static ApiError internal(Throwable cause) {
    return new ApiError(500, "InternalError", "Internal error occurred: " + cause, Json.object());
  }
}
