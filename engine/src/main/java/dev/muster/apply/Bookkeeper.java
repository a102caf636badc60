package dev.muster.apply;

import dev.muster.changes.StepPlan;
import dev.muster.live.Failure;
import dev.muster.resource.ObjectRef;
import java.util.Map;
import java.util.Optional;

/** Remembers, while a run goes on, what muster takes charge of. */
public interface Bookkeeper {
  /**
   * Remembers what a step is about to take charge of, besides all that is remembered already.
   *
   * @return why that failed; then the step must not write
   */
  Optional<Failure> before(StepPlan now);

  /**
   * A step has written all it had to.
   *
   * @param made uids of the objects that it made
   */
  void after(StepPlan now, Map<ObjectRef, String> made);

  /** A step has ended, however it did. */
  void ended(StepPlan planned);

  /** For runs that write nothing. */
  static Bookkeeper none() {
    return new Bookkeeper() {
      @Override
      public Optional<Failure> before(StepPlan now) {
        return Optional.empty();
      }

      @Override
      public void after(StepPlan now, Map<ObjectRef, String> made) {}

      @Override
      public void ended(StepPlan planned) {}
    };
  }
}
