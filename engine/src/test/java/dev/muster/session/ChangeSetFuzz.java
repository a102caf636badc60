package dev.muster.session;

import dev.muster.fuzz.Promises;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import java.nio.file.Path;

/** A saved change set, up to where a cluster would be asked. */
public final class ChangeSetFuzz {
  private ChangeSetFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Promises.hold(
        input,
        text -> {
          SavedChangeSet saved = SavedChangeSet.of(Path.of("change-set.json"), text);
          saved.prune();
          saved.maxRemove();
          try {
            saved.expectation();
          } catch (MusterException e) {
            Promises.told(e.problems());
            Promises.secret(String.valueOf(e.getMessage()));
          }
          saved.load(new SecretSources(SecretSources.Extent.NONE, new Redactor()));
        });
  }
}
