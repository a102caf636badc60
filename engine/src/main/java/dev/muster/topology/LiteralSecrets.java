package dev.muster.topology;

import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses secrets that are written into a topology: the file is kept in git and shown to others.
 * Never repeats what it found.
 */
final class LiteralSecrets {
  private static final Pattern NAME =
      Pattern.compile(
          ".*(password|passwd|passphrase|token|secret|credentials?"
              + "|secretkey|privatekey|clientkey|clientkeydata|apikey|accesskey)");

  /** A user's name and password in an address. */
  private static final Pattern IN_ADDRESS = Pattern.compile("://[^/@\\s]*:[^/@\\s]+@");

  private static final Pattern AS_ARGUMENT =
      Pattern.compile(
          "(?i)--?[a-z-]*(password|passwd|passphrase|token|secret|api-?key)=.+"
              + "|authorization:\\s*\\S+\\s+\\S.*");

  /** A line of a file that seems to hold a secret, for excerpts of what cannot be parsed. */
  private static final Pattern IN_TEXT =
      Pattern.compile(
          "(?i)(passw(or)?d|passphrase|token|secret|credentials?|[a-z]-?key(-?data)?)[\"']?\\s*[:=]");

  private LiteralSecrets() {}

  /** Whether a key asks for a secret and has a value. */
  static boolean isSecret(String key, Optional<YamlNode> value) {
    return value.orElse(null) instanceof YamlNode.Scalar
        && NAME.matcher(key.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "")).matches();
  }

  static void report(Where where, String key, Problems problems) {
    problems.error(
        withoutExcerpt(where),
        "\"" + key + "\" would be a secret, which does not belong in this file",
        "take it out, and change it if the file was shared: what is in git stays in git",
        "muster reads secrets from the clusters themselves");
  }

  /** A value in the place of the name of its source. */
  static void reportInput(Where where, String name, Problems problems) {
    problems.error(
        withoutExcerpt(where),
        name + " is a secret, whose value does not belong in this file",
        "name where it is: {file: PATH}, {env: NAME}, {exec: [PROGRAM, ARGUMENT]}"
            + " or {secret: {namespace, name, key}} on the host");
  }

  /** Reports every secret below a value. */
  static void check(YamlNode node, Problems problems) {
    if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        if (isSecret(entry.key().text(), Optional.of(entry.value()))) {
          report(entry.key().where(), entry.key().text(), problems);
        } else {
          check(entry.value(), problems);
        }
      }
    } else if (node instanceof YamlNode.Sequence sequence) {
      sequence.elements().forEach(element -> check(element, problems));
    } else if (node instanceof YamlNode.Scalar scalar
        && AS_ARGUMENT.matcher(scalar.text()).matches()) {
      problems.error(
          withoutExcerpt(node.where()),
          "a secret in an argument, which does not belong in this file",
          "let the program read it from a file or a variable");
    } else if (holdsPassword(node)) {
      problems.error(
          withoutExcerpt(node.where()),
          "an address with a password, which does not belong in this file",
          "take user and password out of the address");
    }
  }

  private static boolean holdsPassword(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && IN_ADDRESS.matcher(scalar.text()).find();
  }

  /** The same place, its excerpt left out when the line seems to hold a secret. */
  static Where guarded(Where where) {
    String excerpt = where.excerpt();
    return IN_TEXT.matcher(excerpt).find() || IN_ADDRESS.matcher(excerpt).find()
        ? withoutExcerpt(where)
        : where;
  }

  static Problem guarded(Problem problem) {
    return guarded(problem.where()) == problem.where() ? problem : withoutExcerpt(problem);
  }

  static Problem withoutExcerpt(Problem problem) {
    return new Problem(
        problem.severity(), withoutExcerpt(problem.where()), problem.message(), problem.hints());
  }

  private static Where withoutExcerpt(Where where) {
    return new Where(where.file(), where.line(), where.column(), "");
  }
}
