package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.apply.RunReport;
import dev.muster.live.Failure;
import dev.muster.live.Permit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BooksTest {
  private static final RunReport WHOLE =
      new RunReport("r1", Map.of(), 3, false, Duration.ZERO, Optional.empty(), Optional.empty());
  private static final String RELEASED = "the lock of this run was released by hand";

  @Test
  void aRunThatIsWholeSaysNothingOfItsLock() {
    assertThat(Books.lost(WHOLE, released())).isEmpty();
  }

  /** Whoever took the lock over has written the inventory, perhaps while this run stood still. */
  @Test
  void aRunWhoseInventoryIsBehindSaysWhatBecameOfItsLock() {
    RunReport behind = WHOLE.with(new RunReport.Behind("the connection broke", "run it again"));
    assertThat(Books.lost(behind, released())).contains(RELEASED);
    assertThat(Books.lost(behind, Permit.always())).isEmpty();
  }

  @Test
  void itSaysSoOnceWhenThatIsWhyItIsBehind() {
    RunReport behind = WHOLE.with(new RunReport.Behind(RELEASED, "run it again"));
    assertThat(Books.lost(behind, released())).isEmpty();
  }

  private static Permit released() {
    return new Permit() {
      @Override
      public Optional<Failure> refusal() {
        return Optional.of(new Failure(Failure.Kind.NO_ACCESS, RELEASED));
      }

      @Override
      public boolean stands() {
        return false;
      }
    };
  }
}
