package dev.muster.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.GpgConfig;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.PersonIdent;
import org.jspecify.annotations.Nullable;

/**
 * Signs commits as git would: with the key, the format and the program that its configuration
 * names, when {@code commit.gpgSign} is set and {@code muster.sign} does not say otherwise. The
 * program gets no terminal and a bounded time; a passphrase has to be in its agent.
 */
final class Signing {
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final GpgConfig config;

  private Signing(GpgConfig config) {
    this.config = config;
  }

  /** Empty when the configuration asks for no signatures. */
  static Optional<Signing> of(Config config) {
    GpgConfig gpg = new GpgConfig(config);
    return config.getBoolean("muster", null, "sign", gpg.isSignCommits())
        ? Optional.of(new Signing(gpg))
        : Optional.empty();
  }

  /**
   * The signature of a commit's text.
   *
   * @throws IOException with a sentence for people, when there is none
   */
  GpgSignature sign(byte[] payload, PersonIdent committer) throws IOException {
    byte[] signature =
        config.getKeyFormat() == GpgConfig.GpgFormat.SSH
            ? ssh(payload)
            : gnupg(payload, committer, config.getKeyFormat() == GpgConfig.GpgFormat.X509);
    return new GpgSignature(signature);
  }

  private byte[] gnupg(byte[] payload, PersonIdent committer, boolean x509) throws IOException {
    String key = text(config.getSigningKey());
    if (key.isEmpty()) {
      key = committer.getName() + " <" + committer.getEmailAddress() + ">";
    }
    List<String> command = new ArrayList<>(List.of(program(x509 ? "gpgsm" : "gpg")));
    command.addAll(List.of("--batch", "--no-tty"));
    if (!x509) {
      command.add("--pinentry-mode=error");
    }
    command.addAll(List.of("--status-fd=2", "-bsau", key));
    Program.Result result = Program.run(command, payload, Map.of("LC_ALL", "C"), LONGEST);
    if (!result.good() || !result.text().startsWith("-----BEGIN")) {
      throw failed(command.get(0), result);
    }
    return result.output();
  }

  private byte[] ssh(byte[] payload) throws IOException {
    String key = sshKey();
    boolean literal = key.startsWith("key::") || key.startsWith("ssh-");
    Path folder = Files.createTempDirectory("muster-sign");
    Path message = folder.resolve("commit");
    Path signature = folder.resolve("commit.sig");
    Path publicKey = folder.resolve("key.pub");
    try {
      Files.write(message, payload);
      List<String> command = new ArrayList<>(List.of(program("ssh-keygen")));
      command.addAll(List.of("-Y", "sign", "-n", "git", "-f"));
      if (literal) {
        Files.writeString(publicKey, key.replaceFirst("^key::", "") + "\n", UTF_8);
        command.addAll(List.of(publicKey.toString(), "-U"));
      } else {
        command.add(expanded(key));
      }
      command.add(message.toString());
      // a passphrase would be asked for by this program, which answers that there is none
      Map<String, String> nobody =
          Map.of("SSH_ASKPASS", "false", "SSH_ASKPASS_REQUIRE", "force", "LC_ALL", "C");
      Program.Result result = Program.run(command, new byte[0], nobody, LONGEST);
      if (!result.good() || !Files.isRegularFile(signature)) {
        throw failed(command.get(0), result);
      }
      return Files.readAllBytes(signature);
    } finally {
      for (Path file : List.of(message, signature, publicKey, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private String sshKey() throws IOException {
    String key = text(config.getSigningKey());
    if (!key.isEmpty()) {
      return key;
    }
    String ask = text(config.getSshDefaultKeyCommand());
    if (!ask.isEmpty()) {
      Program.Result result = Program.run(List.of("sh", "-c", ask), new byte[0], Map.of(), LONGEST);
      String first = result.text().lines().findFirst().orElse("").strip();
      if (result.good() && (first.startsWith("key::") || first.startsWith("ssh-"))) {
        return first;
      }
      throw new IOException("gpg.ssh.defaultKeyCommand gives no key");
    }
    throw new IOException("gpg.format is ssh, and user.signingKey names no key");
  }

  private String program(String otherwise) {
    String program = text(config.getProgram());
    return program.isEmpty() ? otherwise : expanded(program);
  }

  private static String expanded(String path) {
    return path.startsWith("~/") ? QuietSystem.home().resolve(path.substring(2)).toString() : path;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value.strip();
  }

  private static IOException failed(String program, Program.Result result) {
    String why = result.complaint();
    String hidden = why.toLowerCase(Locale.ROOT).contains("passphrase") ? "; nobody is asked" : "";
    return new IOException(program + " does not sign" + (why.isEmpty() ? "" : ": " + why) + hidden);
  }
}
