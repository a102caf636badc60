package dev.muster.expression;

import java.util.List;
import java.util.Objects;

/**
 * What an expression reads: {@code host.config.settings} is root {@code host}, path {@code [config,
 * settings]}.
 *
 * @param root a variable of the environment
 * @param path keys from there, as far as they are constant; a computed key and a comprehension end
 *     the path, a position in a list is passed over
 * @param disclosed whether only what may be known of it is used, such as when a certificate runs
 *     out: then its being secret says nothing about the result
 */
public record Reference(String root, List<String> path, boolean disclosed) {
  public Reference {
    Objects.requireNonNull(root, "root");
    path = List.copyOf(path);
  }

  public Reference(String root, List<String> path) {
    this(root, path, false);
  }

  @Override
  public String toString() {
    return path.isEmpty() ? root : root + "." + String.join(".", path);
  }
}
