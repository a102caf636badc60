package dev.muster.sandbox.controller.env;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the managed system; only the generations 3.0 to 3.4 and 4.1 are simulated. */
public record KubeSphereVersion(int major, int minor, int patch)
    implements Comparable<KubeSphereVersion> {
  private static final Pattern FORM = Pattern.compile("v?(\\d+)\\.(\\d+)(?:\\.(\\d+))?");
  private static final int[] LAST_PATCH = {0, 1, 1, 2, 1};
  private static final int LAST_PATCH_OF_4_1 = 3;

  public KubeSphereVersion {
    if (!known(major, minor)) {
      throw new IllegalArgumentException(
          "version " + major + "." + minor + " is not simulated, use one of 3.0 to 3.4, 4.1");
    }
  }

  /** Reads "3.3", "3.3.2" or "v3.3.2"; without a patch version the last one of that generation. */
  public static KubeSphereVersion of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a version: \"" + text + "\""));
  }

  /** The version in the tag of an image, empty when the tag is none that is simulated. */
  public static Optional<KubeSphereVersion> ofImage(String image) {
    String tag = image.substring(image.lastIndexOf(':') + 1);
    try {
      return parse(tag);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<KubeSphereVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    String patch = matcher.group(3);
    int last = major == 4 ? LAST_PATCH_OF_4_1 : known(major, minor) ? LAST_PATCH[minor] : 0;
    return Optional.of(
        new KubeSphereVersion(major, minor, patch == null ? last : Integer.parseInt(patch)));
  }

  private static boolean known(int major, int minor) {
    return major == 3 && minor >= 0 && minor < LAST_PATCH.length || major == 4 && minor == 1;
  }

  public boolean atLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || major == otherMajor && minor >= otherMinor;
  }

  /** For example v3.3.2. */
  public String tag() {
    return "v" + major + "." + minor + "." + patch;
  }

  /** For example 3.3. */
  public String generation() {
    return major + "." + minor;
  }

  @Override
  public int compareTo(KubeSphereVersion other) {
    if (major != other.major) {
      return Integer.compare(major, other.major);
    }
    return minor != other.minor
        ? Integer.compare(minor, other.minor)
        : Integer.compare(patch, other.patch);
  }
}
