package dev.muster.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a topology and the files that it names looked like from outside at some time. */
public final class FileStamp {
  private final List<Path> files;
  private final Map<Path, String> looks;

  private FileStamp(List<Path> files) {
    this.files = List.copyOf(files);
    Map<Path, String> all = new LinkedHashMap<>();
    files.forEach(file -> all.put(file, look(file)));
    this.looks = all;
  }

  /** Of no file at all. */
  public static FileStamp none() {
    return new FileStamp(List.of());
  }

  public static FileStamp of(Loader.Loaded loaded) {
    return new FileStamp(
        Stream.concat(Stream.of(loaded.file()), loaded.provenance().files().stream())
            .distinct()
            .toList());
  }

  private static String look(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      return time.toString() + " " + Files.size(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether one of them may be another one by now, and all of them are there. */
  public boolean changed() {
    Map<Path, String> now = new FileStamp(files).looks;
    return !now.containsValue("") && !now.equals(looks);
  }

  /** The same files as they are now. */
  public FileStamp renewed() {
    return new FileStamp(files);
  }
}
