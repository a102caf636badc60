package dev.muster.live;

import java.util.Optional;

/** Permission to write, which may end at any time and is asked for before each try of a write. */
public interface Permit {
  /** Empty when a write may be sent now, else why not; asking may take requests of its own. */
  Optional<Failure> refusal();

  /** Whether what was asked last is new enough to send a write on; answers at once. */
  boolean stands();

  /** One that never ends. */
  static Permit always() {
    return new Permit() {
      @Override
      public Optional<Failure> refusal() {
        return Optional.empty();
      }

      @Override
      public boolean stands() {
        return true;
      }
    };
  }
}
