package dev.muster.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** It may be a password, and muster may be killed at any moment. */
  @Test
  void whatAProgramSaysStandsUnderNoName() throws IOException {
    String untilGone =
        "for try in $(seq 200); do"
            + " case \"$(readlink /proc/$$/fd/1) $(readlink /proc/$$/fd/2)\" in"
            + " *deleted*deleted*) cat; echo password; echo complaint >&2; exit 3;;"
            + " esac; sleep 0.1; done; exit 9";
    Program.Result result =
        Program.run(List.of("sh", "-c", untilGone), "asked ".getBytes(UTF_8), Map.of(), LONGEST);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.text()).isEqualTo("asked password\n");
    assertThat(result.complaint()).isEqualTo("complaint");
  }
}
