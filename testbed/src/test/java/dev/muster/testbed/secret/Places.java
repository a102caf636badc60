package dev.muster.testbed.secret;

import dev.muster.testbed.Muster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Everything that muster may have left behind, as texts with the names of their places. */
public final class Places {
  private final Map<String, String> texts = new TreeMap<>();

  /**
   * What calls have printed; all files of the repository and of the home folder, compressed ones
   * inflated; all objects of git, those that nothing leads to among them; and temporary files.
   *
   * @param given files which somebody else wrote, secrets and all
   */
  public static Places of(Muster muster, Predicate<Path> given) {
    Places places = new Places();
    int number = 0;
    for (Muster.Result result : muster.results()) {
      places.add(
          "output " + ++number + ", muster " + result.command(), result.out() + result.err());
    }
    places.folder(muster.repository(), given);
    places.folder(muster.home(), given);
    if (Files.exists(muster.repository().resolve(".git"))) {
      places.add(
          "objects of git",
          muster.git("cat-file", "--batch-all-objects", "--batch", "--unordered"));
    }
    places.temporary();
    return places;
  }

  public void add(String place, String text) {
    texts.put(place, text);
  }

  /** All files below a folder, their names too. */
  public void folder(Path folder, Predicate<Path> given) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.filter(file -> Files.isRegularFile(file) && !given.test(file)).forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.forEach(this::file);
  }

  /** What muster, running in this process, has left in the folder for temporary files. */
  private void temporary() {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      for (Path file : (List<Path>) files.filter(Places::ofMuster).toList()) {
        if (Files.isDirectory(file)) {
          folder(file, inside -> false);
        } else {
          file(file);
        }
      }
    } catch (UncheckedIOException | IOException e) {
      // Calls of other tests come and go there; theirs is not looked for here.
      if (!(e instanceof NoSuchFileException) && !(e.getCause() instanceof NoSuchFileException)) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Those that commands make; what tests make has other names, or is looked at as a folder. */
  private static boolean ofMuster(Path file) {
    return file.getFileName().toString().matches("muster-(git|sign|source|rehearsal)\\d.*");
  }

  private void file(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    add(file.toString(), file + "\n" + new String(bytes, StandardCharsets.ISO_8859_1));
    if (bytes.length > 2 && (bytes[0] == 0x78 || bytes[0] == 0x1f)) {
      add(file + " (inflated)", inflated(bytes));
    }
  }

  /** As far as it goes: what was killed while it wrote leaves half a file. */
  private static String inflated(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream plain = new ByteArrayInputStream(bytes);
        InputStream in =
            bytes[0] == 0x78 ? new InflaterInputStream(plain) : new GZIPInputStream(plain)) {
      byte[] buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException half) {
      // What came before it is looked at.
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  public int size() {
    return texts.size();
  }

  /** Where secrets stand, in sentences. */
  public List<String> holding(Canaries canaries) {
    List<String> found = new ArrayList<>();
    texts.forEach(
        (place, text) ->
            canaries.in(text).forEach(one -> found.add("a secret in " + place + ": " + one)));
    return found;
  }
}
