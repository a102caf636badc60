package dev.muster.lint;

/** What is looked for, by the names that findings and their exceptions use. */
public enum Rule {
  STEP_UNREACHABLE(Level.ERROR, "a step whose condition never holds is never done"),
  STEP_REFUSED(Level.ERROR, "a step with a requirement that never holds is always refused"),
  VALUE_NEVER_COMES(Level.ERROR, "what only an unreachable step brings forth is never there"),
  GATE_NEVER_OPENS(Level.ERROR, "a gate with a term that never holds waits until its time is over"),
  CONSTANT_CONDITION(Level.WARNING, "a condition that does not depend on anything says nothing"),
  UNREACHABLE_CAUSE(Level.WARNING, "of several causes the first that holds is told, no other"),
  GATE_UNEXPLAINED(Level.NOTE, "people who wait want to know what is in the way"),
  INPUT_UNGUARDED(Level.WARNING, "a key that a topology may leave out has no value then"),
  UNDO_MISSING(Level.WARNING, "what is made for a member has to go when the member leaves"),
  SENSITIVE_UNMASKED(
      Level.WARNING,
      "what is read back from there counts as ordinary, is shown by drift, and is kept in records"),
  SENSITIVE_TOLD(
      Level.WARNING, "a text that tells a secret is masked, or its expression is shown instead"),
  UNUSED_OBJECT(Level.WARNING, "nothing reads or writes it"),
  UNUSED_DOCUMENT(Level.WARNING, "nothing looks into the text, so opening it is no use"),
  UNUSED_FACT(Level.WARNING, "nothing reads it"),
  UNUSED_GATE(Level.WARNING, "no step waits at it"),
  UNUSED_INPUT(Level.WARNING, "topologies may say it, and it changes nothing"),
  UNUSED_ROTATION(
      Level.ERROR, "no step writes the new value, so the rotation would change nothing"),
  UNUSED_GRANT(
      Level.WARNING,
      "whoever accepts the plan accepts what it never does, and a later mistake may"),
  USELESS_EXCEPTION(Level.WARNING, "an exception that excepts nothing hides the next finding");

  /** How bad it is. */
  public enum Level {
    ERROR,
    WARNING,
    NOTE;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final Level level;
  private final String why;

  Rule(Level level, String why) {
    this.level = level;
    this.why = why;
  }

  public Level level() {
    return level;
  }

  /** Why it is worth a look. */
  public String why() {
    return why;
  }

  /** As in {@code # lint-ignore step-unreachable: REASON}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
