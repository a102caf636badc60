package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RunNotesTest {
  private final StringWriter seen = new StringWriter();
  private final PrintWriter out = new PrintWriter(new BufferedWriter(seen), true);

  /** A lock that may be held by nobody any more is watched for a minute: people see why. */
  @Test
  void areSeenAtOnce() {
    new RunNotes(text -> text.replace("\u001b", "?") + "\n", out, true).tell("waits for \u001b[2J");
    assertThat(seen).hasToString("note: waits for ?[2J\n");
  }

  @Test
  void arePartOfNoStreamOfEvents() {
    new RunNotes(text -> text, out, false).tell("waits");
    out.flush();
    assertThat(seen).hasToString("");
  }
}
