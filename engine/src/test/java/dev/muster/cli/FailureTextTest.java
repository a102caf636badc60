package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is printed when a command ends as nobody foresaw. */
class FailureTextTest {
  private static final String HOSTILE = "\u001b]0;owned\u0007\u009b2J\u202e\rcanary-4711-canary";

  @CommandLine.Command(name = "fail")
  private static final class Fail implements Runnable {
    private final Throwable failure;

    @CommandLine.Option(names = "--notify")
    private String given = "";

    Fail(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void run() {
      if (failure instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(given.isEmpty() ? "" : failure.getMessage(), failure);
    }
  }

  private record Said(int code, String text) {}

  private static Said say(Throwable failure, String... args) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    MusterCommand top = new MusterCommand(false);
    top.redactor().learn("canary-4711-canary");
    int code = Main.execute(Main.commands(top, writer, writer, new Fail(failure)), top, args);
    return new Said(code, text.toString());
  }

  private static void fit(String text) {
    assertThat(text).doesNotContain("canary", "\u001b", "\u0007", "\u009b", "\u202e", "\r");
  }

  @Test
  void aFaultIsToldWithoutTheCommandLineAndWithoutWhatItsTextCouldDo() {
    Exception fault = new IllegalStateException(HOSTILE);
    String secret = "https://me:password-in-url@host/?token=canary-4711-canary" + HOSTILE;
    Said said = say(fault, "fail", "--notify", secret);
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.text())
        .contains("error: this is a fault in muster itself", "run `muster fail` again with --debug")
        .doesNotContain("password-in-url");
    fit(said.text());

    Said debug = say(fault, "--debug", "fail", "--notify", secret);
    assertThat(debug.text()).contains("FailureTextTest").doesNotContain("password-in-url");
    fit(debug.text());
  }

  @Test
  void memoryThatRanOutIsNoFault() {
    for (Throwable failure :
        new Throwable[] {new OutOfMemoryError(), new Exception(new OutOfMemoryError())}) {
      Said said = say(failure, "fail", "--notify", "x");
      assertThat(said.code()).isEqualTo(1);
      assertThat(said.text())
          .startsWith("error: out of memory in `muster fail`")
          .contains("hint: give it more memory: MUSTER_JAVA_OPTS=-Xmx2g");
    }
  }
}
