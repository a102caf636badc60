package dev.muster.fetch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An artifact of a registry: {@code registry/repository:tag}, {@code @sha256:...} in the place of
 * the tag or behind it.
 *
 * @param registry host, and port where there is one
 * @param tag empty when only a digest is given
 */
public record ImageName(
    String registry, String repository, Optional<String> tag, Optional<String> digest) {
  private static final Pattern FORM =
      Pattern.compile(
          "((?:[a-zA-Z0-9][a-zA-Z0-9.-]*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?)"
              + "/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
              + "(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
              + "(?:@(sha256:[0-9a-f]{64}))?");

  /** Empty for what is none; a registry is never left out, as it would be a guess. */
  public static Optional<ImageName> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (text.length() > 500 || !matcher.matches()) {
      return Optional.empty();
    }
    boolean host = matcher.group(1).matches(".*[.:].*|localhost");
    Optional<String> tag = Optional.ofNullable(matcher.group(3));
    Optional<String> digest = Optional.ofNullable(matcher.group(4));
    return host && (tag.isPresent() || digest.isPresent())
        ? Optional.of(new ImageName(matcher.group(1), matcher.group(2), tag, digest))
        : Optional.empty();
  }

  /** Registries on this machine speak plain HTTP, as for other programs. */
  boolean local() {
    return registry.matches("(localhost|127\\.[0-9.]+|\\[::1\\])(:[0-9]+)?");
  }

  @Override
  public String toString() {
    return registry
        + "/"
        + repository
        + tag.map(t -> ":" + t).orElse("")
        + digest.map(d -> "@" + d).orElse("");
  }
}
