package dev.muster.live;

import java.util.Objects;

/** The answer to one write. */
public sealed interface Written {
  /** The write took effect (or would, in a dry run); the object as the server then has it. */
  record Done(LiveObject object) implements Written {
    public Done {
      Objects.requireNonNull(object, "object");
    }
  }

  /** What was to be deleted was gone already. */
  record Gone() implements Written {}

  /** The write did not take effect, or it is not known whether it did (see the kind). */
  record Failed(Failure failure) implements Written {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
