package dev.muster.apply;

import dev.muster.plan.RotationSpec;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** Which value a rotation brings, and whether it goes on with one that is open. */
public sealed interface RotationChoice {

  /** The value is on the host already; what is left to do is done. */
  record GoOn(String value, OpenRotation open) implements RotationChoice {
    @Override
    public String toString() {
      return "GoOn[" + open + "]";
    }
  }

  /** The value is new, and nobody has it yet. */
  record Begin(String value, boolean generated, OpenRotation open) implements RotationChoice {
    @Override
    public String toString() {
      return "Begin[" + open + "]";
    }
  }

  record Refuse(String why, String hint) implements RotationChoice {}

  /**
   * What is known when a rotation is asked for.
   *
   * @param open the one that is remembered as open
   * @param given a value that somebody gave
   * @param durable the value at the host's own place; empty for none
   * @param inForce the value in force on the host; empty for none
   * @param anew to begin another one although one is open
   * @param run the run that asks
   */
  record Situation(
      Optional<OpenRotation> open,
      Optional<String> given,
      String durable,
      String inForce,
      boolean anew,
      Instant now,
      String run) {
    @Override
    public String toString() {
      return "Situation[" + open + "]";
    }
  }

  /**
   * Decides. The value of an open rotation is that at the host's own place, if it is the one whose
   * fingerprint was remembered; if not, the run before ended before its first write, and its value
   * is lost, which does no harm: nobody had it.
   */
  public static RotationChoice of(RotationSpec spec, Situation now, SecureRandom random) {
    Optional<OpenRotation> open = now.anew() ? Optional.empty() : now.open();
    if (now.given().isPresent() && !spec.pattern().matches(now.given().get())) {
      return new Refuse(
          "the given value is not one that this rotation takes (" + spec.allowed() + ")",
          "give another one, or none: then it is generated");
    }
    if (open.isPresent() && open.get().isValue(now.durable())) {
      return now.given().isPresent() && !now.given().get().equals(now.durable())
          ? new Refuse(
              "the rotation of "
                  + open.get().began()
                  + " is open, and brings another value than the given one",
              "finish it first: muster rotate "
                  + spec.name()
                  + "; or give it up for this one with --new")
          : new GoOn(now.durable(), open.get());
    }
    if (now.given().map(now.inForce()::equals).orElse(false)) {
      return new Refuse(
          "the given value is in force on the host already", "give another one, or none");
    }
    String value = now.given().orElseGet(() -> generate(spec, random));
    return new Begin(
        value,
        now.given().isEmpty(),
        open.map(lost -> lost.with(value))
            .orElseGet(() -> OpenRotation.of(spec.name(), value, now.now(), now.run())));
  }

  private static String generate(RotationSpec spec, SecureRandom random) {
    String characters =
        spec.alphabet().equals("hex")
            ? "0123456789abcdef"
            : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < spec.length(); i++) {
      value.append(characters.charAt(random.nextInt(characters.length())));
    }
    return value.toString();
  }
}
