package dev.muster.apply;

import dev.muster.resource.ObjectRef;
import java.time.Duration;
import java.util.List;

/**
 * Something that happened in a run. Texts may come from a cluster: whoever shows them strips them.
 */
public sealed interface RunEvent {

  /** The run has begun; the lock is held and the intent is recorded. */
  record RunStarted(String runId, int steps, int changes) implements RunEvent {}

  /** The members of a wave have their turn now; told only when there are waves. */
  record WaveStarted(int wave, int of, List<String> members) implements RunEvent {
    public WaveStarted {
      members = List.copyOf(members);
    }
  }

  record StepStarted(String step, String title, String cluster) implements RunEvent {}

  /** A write took effect. */
  record Changed(String step, String cluster, ObjectRef ref, String action, List<String> fields)
      implements RunEvent {}

  /**
   * A planned change turned out to be done already.
   *
   * @param gone whether the object is not there any more, instead of being as declared
   */
  record AlreadyDone(String step, String cluster, ObjectRef ref, boolean gone)
      implements RunEvent {}

  /** Told whenever the reason changes. */
  record GateWaiting(
      String step, String cluster, String gate, String why, Duration since, Duration limit)
      implements RunEvent {}

  /** A new line of what is at work, while a gate waits. */
  record GateProgress(String step, String cluster, String line, Duration since)
      implements RunEvent {}

  record GateOpened(String step, String cluster, String gate, Duration took) implements RunEvent {}

  /** A dry run does not wait. */
  record GateAssumed(String step, String cluster, String gate) implements RunEvent {}

  record StepEnded(String step, String cluster, StepOutcome outcome) implements RunEvent {}

  /** Something to know that stops nothing. */
  record Notice(String text) implements RunEvent {}
}
