package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Fields to declare of every object of a list that a condition chooses. In its expressions {@code
 * item} is the object.
 *
 * @param where which objects of the list are meant
 * @param ensure their fields; a null takes a field away
 */
public record EachSpec(Template where, DeclaredTemplate.Fields ensure) {
  public EachSpec {
    Objects.requireNonNull(where, "where");
    Objects.requireNonNull(ensure, "ensure");
  }

  /** All its templates. */
  public List<Template> templates() {
    List<Template> all = new ArrayList<>();
    all.add(where);
    all.addAll(ensure.templates());
    return all;
  }
}
