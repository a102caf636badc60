package dev.muster.drift;

import dev.muster.changes.Expiring;
import dev.muster.changes.Unmanaged;
import dev.muster.problem.Problem;
import java.util.Objects;

/** One thing that a report on drift tells. */
public sealed interface Finding {
  /** The same for the same thing at another time. */
  String key();

  /** The step that it is about, or empty when it is about none. */
  String step();

  /** Whether it is told in the same words as another one of the same key. */
  default boolean same(Finding other) {
    return equals(other);
  }

  /** A field that is not as declared. */
  record Field(DriftedField field) implements Finding {
    public Field {
      Objects.requireNonNull(field, "field");
    }

    @Override
    public String key() {
      return "field " + step() + " " + field.ref().path() + " " + field.field().path();
    }

    @Override
    public String step() {
      return field.step();
    }

    /** Who wrote the object last, and when, may change while the field stays what it is. */
    @Override
    public boolean same(Finding other) {
      return other instanceof Field that
          && that.field.field().equals(field.field())
          && that.field.kind() == field.kind()
          && that.field.objectGone() == field.objectGone()
          && that.field.objectUnwanted() == field.objectUnwanted();
    }
  }

  /** What is as declared and yet does not work, as "step: why". */
  record ClosedGate(String text) implements Finding {
    @Override
    public String key() {
      return "gate " + step();
    }

    @Override
    public String step() {
      int colon = text.indexOf(": ");
      return colon < 0 ? text : text.substring(0, colon);
    }
  }

  /**
   * Why something could not be compared.
   *
   * @param step empty when it is about the topology
   * @param refused whether it is refused, and not merely unknown
   */
  record Uncompared(String step, boolean refused, Problem problem) implements Finding {
    @Override
    public String key() {
      return "problem " + step + " " + problem.message();
    }
  }

  /** What has run out, or does soon. */
  record RunningOut(Expiring expiring) implements Finding {
    @Override
    public String key() {
      return "expiring " + expiring.cluster() + " " + expiring.what();
    }

    @Override
    public String step() {
      return "";
    }

    /** It is less every time. */
    @Override
    public boolean same(Finding other) {
      return other instanceof RunningOut that
          && that.expiring.at().equals(expiring.at())
          && that.expiring.expired() == expiring.expired();
    }
  }

  /** A member that the topology does not name. */
  record Stranger(Unmanaged.Member member) implements Finding {
    @Override
    public String key() {
      return "unmanaged " + member.name();
    }

    @Override
    public String step() {
      return "";
    }
  }
}
