package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/** What became of one evaluation; every text in it is for people. */
public sealed interface Outcome {

  /** A value that can be written to a field as it is. */
  record Value(JsonNode value) implements Outcome {
    public Value {
      Objects.requireNonNull(value, "value");
    }
  }

  /** The field is to be left out: {@code omit()}. */
  record Omitted() implements Outcome {}

  /**
   * A value that is made when the object is created: {@code generated('hex', 64)}.
   *
   * @param alphabet {@code hex} or {@code alphanumeric}
   * @param length in characters, at least 1
   */
  record Generated(String alphabet, int length) implements Outcome {}

  /**
   * A token that a cluster issues when the object is written: {@code issued(member.token)}.
   *
   * @param token what the plan and the topology say of it
   */
  record Issued(JsonNode token) implements Outcome {
    public Issued {
      Objects.requireNonNull(token, "token");
    }
  }

  /**
   * Something the expression reads is not there (yet).
   *
   * @param what names the last part that exists and the first that does not; names keys, never
   *     values
   */
  record Missing(String what) implements Outcome {}

  /**
   * The expression cannot be evaluated with these values: a wrong type, a division by zero, a cost
   * limit.
   *
   * @param message quotes no value, except a text that should be a version, a duration or a time
   */
  @SuppressWarnings("JavaLangClash") // always written as Outcome.Error
  record Error(String message) implements Outcome {}
}
