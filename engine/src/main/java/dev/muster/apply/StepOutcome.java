package dev.muster.apply;

import java.time.Duration;
import java.util.Objects;

/** How a step of a run ended. Texts may come from a cluster. */
public sealed interface StepOutcome {
  /** One word for tables and records. */
  String word();

  /** What there is to say about it, empty when the word says all. */
  String detail();

  /** How long it was at work, waiting included, where that is of interest. */
  default Duration took() {
    return Duration.ZERO;
  }

  /** Whether later steps may go on from here. */
  default boolean done() {
    return false;
  }

  record Applied(int changes, Duration took) implements StepOutcome {
    @Override
    public String word() {
      return "applied";
    }

    @Override
    public String detail() {
      return changes + (changes == 1 ? " change" : " changes");
    }

    @Override
    public boolean done() {
      return true;
    }
  }

  record Unchanged(Duration took) implements StepOutcome {
    @Override
    public String word() {
      return "unchanged";
    }

    @Override
    public String detail() {
      return "";
    }

    @Override
    public boolean done() {
      return true;
    }
  }

  /** The plan has no use for it here. */
  record NotNeeded() implements StepOutcome {
    @Override
    public String word() {
      return "not needed";
    }

    @Override
    public String detail() {
      return "";
    }

    @Override
    public boolean done() {
      return true;
    }
  }

  /** Not tried, because of what it depends on. */
  record Skipped(String why) implements StepOutcome {
    public Skipped {
      Objects.requireNonNull(why, "why");
    }

    @Override
    public String word() {
      return "skipped";
    }

    @Override
    public String detail() {
      return why;
    }
  }

  /** Not tried, because too many members failed before it was this one's turn. */
  record LeftAlone(String why) implements StepOutcome {
    public LeftAlone {
      Objects.requireNonNull(why, "why");
    }

    @Override
    public String word() {
      return "left alone";
    }

    @Override
    public String detail() {
      return why;
    }
  }

  /** Left for a later run, because its cluster could not be reached. */
  record Deferred(String why) implements StepOutcome {
    public Deferred {
      Objects.requireNonNull(why, "why");
    }

    @Override
    public String word() {
      return "deferred";
    }

    @Override
    public String detail() {
      return why;
    }
  }

  /** What has to be known first is not known; in dry runs, where nothing brings it forth. */
  record Pending(String waitsFor) implements StepOutcome {
    @Override
    public String word() {
      return "pending";
    }

    @Override
    public String detail() {
      return "known after " + waitsFor;
    }
  }

  /** Something is no longer as it was when the change set was made. */
  record Stale(String what) implements StepOutcome {
    @Override
    public String word() {
      return "stale";
    }

    @Override
    public String detail() {
      return what;
    }
  }

  /** A requirement of the plan, or the cluster's rights, say no. */
  record Refused(String why, String next) implements StepOutcome {
    @Override
    public String word() {
      return "refused";
    }

    @Override
    public String detail() {
      return why;
    }
  }

  record Failed(String why, String next) implements StepOutcome {
    @Override
    public String word() {
      return "failed";
    }

    @Override
    public String detail() {
      return why;
    }
  }

  /** The gate's own probes say that waiting is no use. */
  record GateFailed(String gate, String why, String next, Duration waited) implements StepOutcome {
    @Override
    public String word() {
      return "gate failed";
    }

    @Override
    public String detail() {
      return why;
    }
  }

  record TimedOut(String gate, String lastSeen, String cause, String next, Duration waited)
      implements StepOutcome {
    @Override
    public String word() {
      return "timed out";
    }

    @Override
    public String detail() {
      return lastSeen;
    }
  }

  record Interrupted() implements StepOutcome {
    @Override
    public String word() {
      return "interrupted";
    }

    @Override
    public String detail() {
      return "";
    }
  }
}
