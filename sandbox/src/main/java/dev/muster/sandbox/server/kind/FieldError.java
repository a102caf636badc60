package dev.muster.sandbox.server.kind;

/** One reason why an object is refused, in the form of a Status cause. */
public record FieldError(String reason, String field, String message) {

  public static FieldError invalid(String field, String value, String why) {
    return new FieldError("FieldValueInvalid", field, "Invalid value: " + value + ": " + why);
  }

  public static FieldError required(String field) {
    return new FieldError("FieldValueRequired", field, "Required value");
  }

  static FieldError type(String field, String value, String why) {
    return new FieldError("FieldValueTypeInvalid", field, "Invalid value: " + value + ": " + why);
  }

  /** As it stands in the message of the Status. */
  @Override
  public String toString() {
    return field + ": " + message;
  }
}
