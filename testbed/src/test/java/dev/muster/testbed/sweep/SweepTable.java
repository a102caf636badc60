package dev.muster.testbed.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The counts of a sweep as a Markdown table, in {@code target/sweeps} of the module. */
final class SweepTable {
  private final String name;
  private final String head;
  private final List<String> rows = Collections.synchronizedList(new ArrayList<>());
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  SweepTable(String name, String head) {
    this.name = name;
    this.head = head;
  }

  void row(Object... cells) {
    rows.add(
        Arrays.stream(cells).map(Object::toString).collect(Collectors.joining(" | ", "| ", " |")));
  }

  void note(String line) {
    notes.add(line);
  }

  void write() {
    String text =
        head
            + "\n"
            + head.replaceAll("[^|]+", "---")
            + "\n"
            + String.join("\n", rows)
            + "\n"
            + (notes.isEmpty() ? "" : "\n" + String.join("\n", notes) + "\n");
    write(name + (Sample.whole() ? "" : "-sample") + ".md", text);
    System.out.println(text);
  }

  static void write(String file, String text) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "sweeps"));
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
