package dev.muster.fuzz;

import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a reader promises about any input; a broken promise is an error of the fuzzer. */
public final class Promises {
  /** Stands in seeds wherever a secret would; no message may hold it. */
  public static final String CANARY = "canary-4f1e9b7a";

  /** Of processor time: far more than any input of a fuzzer takes, less than a person waits. */
  private static final long LONGEST_NANOS = 5_000_000_000L;

  private static final int LONGEST_MESSAGE = 100_000;

  private Promises() {}

  /** Something that may be refused by a {@link MusterException} and by nothing else. */
  public interface Reader {
    void read(String text) throws Exception;
  }

  /** Reads, and checks what is said when it is refused. */
  public static void hold(byte[] input, Reader reader) {
    String text = new String(input, StandardCharsets.UTF_8);
    long start = now();
    try {
      reader.read(text);
    } catch (MusterException e) {
      told(e.problems());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a checked exception came out", e);
    }
    quick(start);
  }

  /** Processor time of this thread, which others on a busy machine do not take part in. */
  public static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** What took longer than a person waits is a finding. */
  public static void quick(long start) {
    long took = now() - start;
    that(took < LONGEST_NANOS, "it took " + took / 1_000_000 + " ms");
  }

  /** Every problem says what it is about, and can be printed. */
  public static void told(List<Problem> problems) {
    that(!problems.isEmpty(), "refused without a problem");
    for (Problem problem : problems) {
      that(!problem.message().isBlank(), "a problem without words");
      printable(problem.text());
    }
  }

  /** Nothing in it moves a terminal's cursor or turns its text around. */
  public static void printable(String text) {
    that(text.length() <= LONGEST_MESSAGE, "a message of " + text.length() + " characters");
    text.codePoints()
        .filter(c -> c != '\n' && c != '\t')
        .forEach(
            c ->
                that(
                    !Character.isISOControl(c)
                        && Character.getType(c) != Character.FORMAT
                        && Character.getType(c) != Character.SURROGATE,
                    String.format("U+%04X in a message: %s", c, text)));
  }

  /** No secret of the input is in a message. */
  public static void secret(String message) {
    that(!message.contains(CANARY), "a secret in a message: " + message);
  }

  public static void that(boolean promise, String broken) {
    if (!promise) {
      throw new AssertionError(broken);
    }
  }
}
