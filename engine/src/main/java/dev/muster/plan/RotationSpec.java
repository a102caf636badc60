package dev.muster.plan;

import dev.muster.bound.LinearPattern;
import dev.muster.expression.Template;
import dev.muster.problem.Where;
import java.util.List;

/**
 * A secret of the managed system that can be replaced while the system runs. A rotation is an
 * ordinary plan and apply in which {@code rotation.NAME} has the new value.
 *
 * @param alphabet of generated values: {@code hex} or {@code alphanumeric}
 * @param length of generated values
 * @param pattern what a value that somebody gives has to look like
 * @param allowed the same in words
 * @param durable the host's own place of the value, which the first write of a rotation fills; read
 *     again by a run that goes on with it
 * @param ofHost the value in force on the host
 * @param ofMember the value in force on a member
 * @param window who is logged out, and from when to when
 * @param notes what else to know beforehand
 * @param require what has to hold before anything is written
 */
public record RotationSpec(
    String name,
    String description,
    String alphabet,
    int length,
    LinearPattern pattern,
    String allowed,
    Template durable,
    Template ofHost,
    Template ofMember,
    Template window,
    List<Template> notes,
    List<Requirement> require,
    Where where) {
  public RotationSpec {
    notes = List.copyOf(notes);
    require = List.copyOf(require);
  }
}
