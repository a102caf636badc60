package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.topology.ClusterDeclaration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A namespace that a topology chooses for the whole fleet, by a key of the host: {@code
 * ${host.KEY}}. It is put in when plan and topology meet, so that nothing behind that knows of it.
 */
final class ChosenNamespace {
  private static final Pattern FORM = Pattern.compile("\\$\\{host\\.([A-Za-z][A-Za-z0-9]*)\\}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private ChosenNamespace() {}

  /** Whether a namespace as a plan writes it is any expression. */
  static boolean is(String written) {
    return written.contains("${");
  }

  /** The host's key that it follows from; empty when it is of another form. */
  static Optional<String> key(String written) {
    Matcher matcher = FORM.matcher(written);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * What a topology chose. A wildcard or a path would be somewhere else than in one namespace, so
   * only a name is one.
   */
  static String of(String written, ClusterDeclaration host, Problems problems) {
    if (!is(written)) {
      return written;
    }
    String key = key(written).orElse("");
    JsonNode chosen = host.fields().path(key);
    if (!chosen.isTextual() || !NAME.matcher(chosen.asText()).matches()) {
      problems.error(
          host.where(),
          "the host's " + key + " is no name of a namespace: \"" + chosen.asText() + "\"",
          "use small letters, digits and -, at most 63 of them");
      return written;
    }
    return chosen.asText();
  }
}
