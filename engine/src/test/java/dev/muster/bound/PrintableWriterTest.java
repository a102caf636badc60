package dev.muster.bound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;

class PrintableWriterTest {
  @Test
  void textPassesAsItIs() throws IOException {
    assertThat(written("a\tb\n\u00fc \ud83d\udc11 \u2502"))
        .isEqualTo("a\tb\n\u00fc \ud83d\udc11 \u2502");
  }

  @Test
  void howTextLooksMayBeSet() throws IOException {
    assertThat(written("\u001b[1mbold\u001b[0m \u001b[1;31mred\u001b[m"))
        .isEqualTo("\u001b[1mbold\u001b[0m \u001b[1;31mred\u001b[m");
  }

  @Test
  void theScreenMayNotBeTouched() throws IOException {
    assertThat(written("a\u001b[2Jb")).isEqualTo("a\uFFFD[2Jb");
    assertThat(written("\u001b]0;title\u0007")).isEqualTo("\uFFFD]0;title\uFFFD");
    assertThat(written("\u001b[1;31\u001b[1m")).isEqualTo("\uFFFD[1;31\u001b[1m");
    assertThat(written("over\rwritten\b")).isEqualTo("over\uFFFDwritten\uFFFD");
    assertThat(written("\u009b2J")).isEqualTo("\uFFFD2J");
    assertThat(written("a\u202eb\u200bc")).isEqualTo("a\uFFFDb\uFFFDc");
  }

  @Test
  void aSequenceMayComeInPieces() throws IOException {
    StringWriter all = new StringWriter();
    try (PrintableWriter writer = new PrintableWriter(new PrintWriter(all))) {
      for (char c : "\u001b[1mx\u001b[2Jy\u001b".toCharArray()) {
        writer.write(c);
      }
    }
    assertThat(all.toString()).isEqualTo("\u001b[1mx\uFFFD[2Jy\uFFFD");
  }

  /** By which `watch` knows that it may end. */
  @Test
  void thatNobodyReadsIsTold() {
    PrintWriter broken =
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("broken pipe");
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            });
    PrintWriter outer = new PrintWriter(new PrintableWriter(broken), true);
    assertThat(outer.checkError()).isFalse();
    outer.println("a line");
    assertThat(outer.checkError()).isTrue();
  }

  private static String written(String text) throws IOException {
    StringWriter all = new StringWriter();
    try (PrintableWriter writer = new PrintableWriter(new PrintWriter(all))) {
      writer.write(text);
    }
    return all.toString();
  }
}
