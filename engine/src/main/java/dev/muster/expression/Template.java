package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.expression.Segments.Segment;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with expressions in it, compiled. Text that is exactly one <code>${...}</code> gives that
 * expression's value with its type; other text gives a string. Immutable and safe for use by
 * several threads.
 */
public final class Template {
  private final String source;
  private final Where where;
  private final Environment environment;
  private final boolean condition;
  private final List<Part> parts;
  private final Set<Reference> references;

  /** A literal text, or an expression and its text. */
  record Part(String text, Optional<Expression> expression) {}

  Template(
      String source, Where where, Environment environment, boolean condition, List<Part> parts) {
    this.source = source;
    this.where = where;
    this.environment = environment;
    this.condition = condition;
    this.parts = List.copyOf(parts);
    Set<Reference> all = new LinkedHashSet<>();
    parts.forEach(part -> part.expression().ifPresent(code -> all.addAll(code.references())));
    this.references = Collections.unmodifiableSet(all);
  }

  /** The text as it was compiled. */
  public String source() {
    return source;
  }

  public Where where() {
    return where;
  }

  /** Where the text names what is read, as closely as can be told. */
  public Where where(Reference reference) {
    String name = reference.root();
    if (!reference.path().isEmpty()) {
      name += "." + reference.path().get(0);
    }
    Matcher found =
        Pattern.compile("(?<![A-Za-z0-9_.])" + Pattern.quote(name) + "(?![A-Za-z0-9_])")
            .matcher(source);
    return found.find() ? new Place(where, source).at(found.start()) : where;
  }

  /** Whether there is no expression in it, so that its value never changes. */
  public boolean constant() {
    return parts.stream().noneMatch(part -> part.expression().isPresent());
  }

  /** All that its expressions read, in the order of the text. */
  public Set<Reference> references() {
    return references;
  }

  /** What of it {@code issued(...)} names. */
  public Set<Reference> issued() {
    Set<Reference> all = new LinkedHashSet<>();
    parts.forEach(part -> part.expression().ifPresent(code -> all.addAll(code.issued())));
    return all;
  }

  /**
   * Evaluates with these variables; one that is not given is missing. A tree in the outcome may be
   * a part of a given one and must not be changed.
   */
  public Outcome evaluate(Map<String, JsonNode> variables) {
    if (parts.size() == 1 && parts.get(0).expression().isPresent()) {
      Outcome outcome = parts.get(0).expression().get().evaluate(variables);
      return condition ? decided(outcome) : outcome;
    }
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (part.expression().isEmpty()) {
        text.append(part.text());
        continue;
      }
      Outcome outcome = part.expression().get().evaluate(variables);
      if (!(outcome instanceof Outcome.Value value)) {
        return outcome;
      }
      if (!value.value().isValueNode() || value.value().isNull()) {
        return new Outcome.Error(
            part.text()
                + " gives "
                + Values.kind(value.value())
                + ", which cannot be part of a text");
      }
      text.append(value.value().asText());
    }
    return new Outcome.Value(TextNode.valueOf(text.toString()));
  }

  private static Outcome decided(Outcome outcome) {
    if (!(outcome instanceof Outcome.Value value) || value.value().isBoolean()) {
      return outcome instanceof Outcome.Omitted
              || outcome instanceof Outcome.Generated
              || outcome instanceof Outcome.Issued
          ? new Outcome.Error("a condition must give true or false")
          : outcome;
    }
    return new Outcome.Error(
        "a condition must give true or false, this gives " + Values.kind(value.value()));
  }

  /**
   * The operands of its outermost {@code &&} or {@code ||}, which can be evaluated one by one;
   * empty when it is not exactly one expression with such an operator.
   */
  public List<Term> terms() {
    if (parts.size() != 1 || parts.get(0).expression().isEmpty()) {
      return List.of();
    }
    List<Term> terms = new ArrayList<>();
    try {
      List<Segment> operands = Segments.operands(parts.get(0).text());
      for (Segment operand : operands.size() > 1 ? operands : List.<Segment>of()) {
        environment
            .compileBoolean("${" + operand.text() + "}", where, new Problems())
            .ifPresent(template -> terms.add(new Term(operand.text(), template)));
      }
    } catch (Segments.Malformed e) {
      throw new IllegalStateException("compiled before: " + source, e);
    }
    return List.copyOf(terms);
  }

  /** A template that gives just what one of its references reads, in the same environment. */
  public Optional<Template> reading(Reference reference) {
    StringBuilder code = new StringBuilder(reference.root());
    for (String key : reference.path()) {
      code.append(
          key.matches("[A-Za-z_][A-Za-z0-9_]*")
              ? "." + key
              : "['" + key.replace("\\", "\\\\").replace("'", "\\'") + "']");
    }
    return environment.compile("${" + code + "}", where, new Problems());
  }

  /** Whether its {@link #terms} are alternatives, of which one is enough. */
  public boolean anyOf() {
    try {
      List<Segment> operands =
          parts.size() == 1 && parts.get(0).expression().isPresent()
              ? Segments.operands(parts.get(0).text())
              : List.of();
      if (operands.size() < 2) {
        return false;
      }
      int from = operands.get(0).offset() + operands.get(0).text().length();
      return parts.get(0).text().substring(from, operands.get(1).offset()).contains("||");
    } catch (Segments.Malformed e) {
      throw new IllegalStateException("compiled before: " + source, e);
    }
  }

  @Override
  public String toString() {
    return source;
  }
}
