package dev.muster.sandbox.command;

import dev.muster.session.RehearsalStage;

/** Plays recorded fleets in the sandbox. */
public final class OfflineStages implements RehearsalStage.Provider {
  @Override
  public RehearsalStage start(RehearsalStage.Fleet fleet) {
    OfflineStage stage = new OfflineStage(fleet);
    try {
      stage.start();
      return stage;
    } catch (RuntimeException e) {
      stage.close();
      throw e;
    }
  }
}
