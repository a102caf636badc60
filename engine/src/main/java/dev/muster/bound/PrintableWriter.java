package dev.muster.bound;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Lets through what can do nothing to a terminal but stand there, and sequences that set how text
 * looks ({@code ESC [ digits and semicolons m}); for every other character that is not {@link
 * Printable#fit} it writes U+FFFD. What is shown is cleaned where it is put together; this is for
 * the place where that is forgotten.
 */
public final class PrintableWriter extends FilterWriter {
  private static final char ESCAPE = '\u001b';

  /** An escape sequence of which nobody knows yet whether it may pass; mostly empty. */
  private final StringBuilder begun = new StringBuilder();

  private final PrintWriter to;

  public PrintableWriter(PrintWriter to) {
    super(to);
    this.to = to;
  }

  /**
   * @throws IOException when nobody reads any more, which a {@link PrintWriter} tells only who asks
   */
  @Override
  public void flush() throws IOException {
    if (to.checkError()) {
      throw new IOException("what is written reaches nobody");
    }
  }

  @Override
  public void write(int c) throws IOException {
    synchronized (lock) {
      StringBuilder passed = new StringBuilder(1);
      pass((char) c, passed);
      out.append(passed);
    }
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    write(new String(text, from, length), 0, length);
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    synchronized (lock) {
      StringBuilder passed = new StringBuilder(length);
      for (int i = from; i < from + length; i++) {
        pass(text.charAt(i), passed);
      }
      out.append(passed);
    }
  }

  private void pass(char c, StringBuilder passed) {
    if (!begun.isEmpty()) {
      boolean opens = begun.length() == 1 && c == '[';
      boolean goesOn = begun.length() > 1 && (c >= '0' && c <= '9' || c == ';');
      boolean ends = begun.length() > 1 && c == 'm';
      if (opens || goesOn || ends) {
        begun.append(c);
        if (ends) {
          passed.append(begun);
          begun.setLength(0);
        }
        return;
      }
      giveUp(passed);
    }
    if (c == ESCAPE) {
      begun.append(c);
    } else if (c == '\n' || c == '\t' || Character.isSurrogate(c) || Printable.fit(c)) {
      passed.append(c);
    } else {
      passed.append('\uFFFD');
    }
  }

  /** What has begun is no sequence that may pass. */
  private void giveUp(StringBuilder passed) {
    if (!begun.isEmpty()) {
      passed.append('\uFFFD').append(begun, 1, begun.length());
      begun.setLength(0);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (lock) {
      StringBuilder rest = new StringBuilder();
      giveUp(rest);
      out.append(rest);
    }
    super.close();
  }
}
