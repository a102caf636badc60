package dev.muster.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** Compares texts line by line, as git does. */
public final class TextDiff {
  private TextDiff() {}

  /** A unified diff with three lines around each difference; empty when there is none. */
  public static String unified(String nameBefore, String before, String nameAfter, String after) {
    RawText a = new RawText(before.getBytes(UTF_8));
    RawText b = new RawText(after.getBytes(UTF_8));
    EditList edits = new HistogramDiff().diff(RawTextComparator.DEFAULT, a, b);
    if (edits.isEmpty()) {
      return "";
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(out)) {
      formatter.format(edits, a, b);
      formatter.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "--- " + nameBefore + "\n+++ " + nameAfter + "\n" + out.toString(UTF_8);
  }
}
