package dev.muster.expression;

/** A function cannot give a value; the message is for people and becomes an {@link Outcome}. */
final class FunctionFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  FunctionFailure(String message) {
    super(message, null, false, false);
  }
}
