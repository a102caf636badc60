package dev.muster.session;

import dev.muster.courier.Seal;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import dev.muster.topology.CourierAccess;
import dev.muster.topology.SecretText;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the keys with which bundles and receipts are sealed; a redactor learns each of them. */
public final class SealKeys {
  private SealKeys() {}

  public static Seal of(CourierAccess courier, Redactor redactor) {
    return courier.keyIsVariable()
        ? variable(courier.key(), redactor)
        : file(Path.of(courier.key()), redactor);
  }

  /**
   * @param source {@code file:PATH} or {@code env:NAME}
   */
  public static Seal of(Optional<String> source, Redactor redactor) {
    String text = source.orElse("");
    if (text.startsWith("file:")) {
      return file(Path.of(text.substring(5)), redactor);
    }
    if (text.startsWith("env:")) {
      return variable(text.substring(4), redactor);
    }
    throw MusterException.of(
        text.isEmpty()
            ? "the file is sealed, and no key is named"
            : "--seal-with names neither a file nor a variable",
        "say where the key is: --seal-with file:PATH or --seal-with env:NAME");
  }

  private static Seal file(Path file, Redactor redactor) {
    return learned(Loader.read(file, "key to seal with").strip(), redactor);
  }

  private static Seal variable(String name, Redactor redactor) {
    String value = System.getenv().getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw MusterException.of(
          "the variable " + name + " with the key to seal with is not set",
          "set it: export " + name);
    }
    return learned(value, redactor);
  }

  private static Seal learned(String key, Redactor redactor) {
    SecretText.teach(redactor, key);
    return new Seal(key);
  }
}
