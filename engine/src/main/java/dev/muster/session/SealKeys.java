package dev.muster.session;

import dev.muster.courier.Seal;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import dev.muster.topology.CourierAccess;
import dev.muster.topology.SecretText;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the keys with which bundles and receipts are sealed, each once; a redactor learns each of
 * them. Not for use by several threads.
 */
public final class SealKeys {
  private final Redactor redactor;
  private final Map<String, Seal> found = new HashMap<>();

  public SealKeys(Redactor redactor) {
    this.redactor = redactor;
  }

  public Seal of(CourierAccess courier) {
    return of(Optional.of((courier.keyIsVariable() ? "env:" : "file:") + courier.key()));
  }

  /**
   * @param source {@code file:PATH} or {@code env:NAME}
   */
  public Seal of(Optional<String> source) {
    return found.computeIfAbsent(source.orElse(""), this::find);
  }

  private Seal find(String text) {
    if (text.startsWith("file:")) {
      return learned(Loader.read(Path.of(text.substring(5)), "key to seal with").strip());
    }
    if (text.startsWith("env:")) {
      return variable(text.substring(4));
    }
    throw MusterException.of(
        text.isEmpty()
            ? "the file is sealed, and no key is named"
            : "--seal-with names neither a file nor a variable",
        "say where the key is: --seal-with file:PATH or --seal-with env:NAME");
  }

  private Seal variable(String name) {
    String value = System.getenv().getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw MusterException.of(
          "the variable " + name + " with the key to seal with is not set",
          "set it: export " + name);
    }
    return learned(value);
  }

  private Seal learned(String key) {
    SecretText.teach(redactor, key);
    return new Seal(key);
  }
}
