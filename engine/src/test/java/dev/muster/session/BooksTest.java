package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.apply.RunLock;
import dev.muster.apply.RunReport;
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
    assertThat(Books.lost(behind, RunLock.none())).isEmpty();
  }

  @Test
  void itSaysSoOnceWhenThatIsWhyItIsBehind() {
    RunReport behind = WHOLE.with(new RunReport.Behind(RELEASED, "run it again"));
    assertThat(Books.lost(behind, released())).isEmpty();
  }

  private static RunLock released() {
    return new RunLock() {
      @Override
      public boolean held() {
        return false;
      }

      @Override
      public boolean stands() {
        return false;
      }

      @Override
      public String why() {
        return RELEASED;
      }

      @Override
      public void close() {}
    };
  }
}
