package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class NotesTest {
  private final StringWriter seen = new StringWriter();
  private final PrintWriter out = new PrintWriter(new BufferedWriter(seen), true);

  /** A lock that may be held by nobody any more is watched for a minute: people see why. */
  @Test
  void areSeenAtOnce() {
    new Notes(text -> text.replace("\u001b", "?") + "\n", out, true).tell("waits for \u001b[2J");
    assertThat(seen).hasToString("note: waits for ?[2J\n");
  }

  /** A name in a topology or a Lease may hold a line that looks like one of muster's. */
  @Test
  void stayOneNote() {
    new Notes(text -> text + "\n", out, true).tell("held by x\nerror: all is lost\r\n\n done");
    assertThat(seen).hasToString("note: held by x\n      error: all is lost\n      done\n");
  }

  @Test
  void arePartOfNoStreamOfEvents() {
    new Notes(text -> text, out, false).tell("waits");
    out.flush();
    assertThat(seen).hasToString("");
  }
}
