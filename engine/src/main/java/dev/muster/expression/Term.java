package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * An operand of a condition's outermost {@code &&} or {@code ||}, to show which one decided.
 *
 * @param source as it is written, without blanks and parentheses around it
 */
public record Term(String source, Template template) {

  public Outcome evaluate(Map<String, JsonNode> variables) {
    return template.evaluate(variables);
  }

  /** This operand's own operands; empty when it has no operator. */
  public List<Term> terms() {
    return template.terms();
  }
}
