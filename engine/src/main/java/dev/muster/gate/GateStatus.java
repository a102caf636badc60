package dev.muster.gate;

import java.util.Objects;

/** What a gate says at one moment. Running out of time is not a status but how a wait ends. */
public sealed interface GateStatus {
  record Ready() implements GateStatus {}

  /**
   * @param why what is being waited for, for people; may hold text from a cluster
   */
  record Waiting(String why) implements GateStatus {
    public Waiting {
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * @param why the cause, for people; may hold text from a cluster
   * @param next what a person does about it
   */
  record Failed(String why, String next) implements GateStatus {
    public Failed {
      Objects.requireNonNull(why, "why");
      Objects.requireNonNull(next, "next");
    }
  }
}
