package dev.muster.expression;

import dev.muster.expression.CompileErrors.Finding;
import dev.muster.expression.Expression.Use;
import dev.muster.expression.Segments.Segment;
import dev.muster.expression.Template.Part;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The variables that expressions may use, beside the functions; compiles templates. Immutable and
 * safe for use by several threads. CEL itself is loaded by the first text that holds an expression.
 */
public final class Environment {
  private final Map<String, Type> variables;
  private volatile @Nullable Language language;

  /** What is known of a variable before its value is. */
  public enum Type {
    /** Keys to values of any type. */
    MAP,
    /** A list of values of any type. */
    LIST,
    STRING,
    BOOL,
    INT,
    /** Nothing: every use is checked when it is evaluated. */
    DYN
  }

  private Environment(Map<String, Type> variables) {
    this.variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** This environment and one more variable, or another type of one it has. */
  public Environment with(String name, Type type) {
    Map<String, Type> more = new LinkedHashMap<>(variables);
    more.put(name, type);
    return more.equals(variables) ? this : new Environment(more);
  }

  /** The variables by name. */
  public Map<String, Type> variables() {
    return variables;
  }

  /**
   * Compiles a scalar.
   *
   * @param where the scalar's place; when its excerpt shows the whole scalar, each problem points
   *     at its own character
   * @return empty when errors were added to the problems, all that there are
   */
  public Optional<Template> compile(String text, Where where, Problems problems) {
    return compile(text, where, problems, false);
  }

  /** Compiles a scalar that must be exactly one <code>${...}</code> that gives true or false. */
  public Optional<Template> compileBoolean(String text, Where where, Problems problems) {
    return compile(text.strip(), where, problems, true);
  }

  private Optional<Template> compile(
      String text, Where where, Problems problems, boolean condition) {
    Place place = new Place(where, text);
    List<Segment> segments;
    try {
      segments = Segments.split(text);
    } catch (Segments.Malformed e) {
      problems.error(
          place.at(e.offset), String.valueOf(e.getMessage()), "for a literal \"${\" write \"$${\"");
      return Optional.empty();
    }
    boolean whole = segments.size() == 1 && segments.get(0).code();
    if (condition && !whole) {
      problems.error(place.at(0), "a condition must be exactly one expression", "write \"${...}\"");
      return Optional.empty();
    }
    Use use = condition ? Use.CONDITION : whole ? Use.WHOLE : Use.PART;
    boolean sound = true;
    List<Part> parts = new ArrayList<>();
    for (Segment segment : segments) {
      Optional<Expression> expression = Optional.empty();
      if (segment.code()) {
        List<Finding> findings = new ArrayList<>();
        expression = Compiled.of(variables, this::language, segment.text(), use, findings);
        findings.forEach(finding -> problems.add(finding.problem(place, segment.offset())));
        sound &= expression.isPresent();
      }
      parts.add(new Part(segment.text(), expression));
    }
    return sound
        ? Optional.of(new Template(text, where, this, condition, parts))
        : Optional.empty();
  }

  /** Two threads may both make one; they are equal. */
  private Language language() {
    Language made = language;
    if (made == null) {
      made = new Language(variables);
      language = made;
    }
    return made;
  }

  /** Collects variables. */
  public static final class Builder {
    private final Map<String, Type> variables = new LinkedHashMap<>();

    private Builder() {}

    /** A variable that is a map. */
    public Builder variable(String name) {
      return variable(name, Type.MAP);
    }

    public Builder variable(String name, Type type) {
      variables.put(name, type);
      return this;
    }

    public Environment build() {
      return new Environment(variables);
    }
  }
}
