package dev.muster.cli;

import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import dev.muster.notify.Notifier;
import dev.muster.notify.Target;
import dev.muster.problem.MusterException;
import dev.muster.report.Clean;
import dev.muster.report.DriftNotification;
import dev.muster.report.DriftOutcome;
import dev.muster.resource.OwnVariables;
import dev.muster.resource.Redactor;
import dev.muster.session.Data;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whom to tell what was found. */
final class NotifyOptions {
  enum When {
    drift,
    always
  }

  private static final String KEY = OwnVariables.NOTIFY_KEY;
  private static final int SHORTEST_KEY = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--notify",
      paramLabel = "URL",
      description =
          "Post the result as signed JSON to this address; @FILE: to the one that the file holds.")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--notify-key-file",
      paramLabel = "FILE",
      description = "The key of the signature (also: " + KEY + " in the environment).")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--notify-when",
      paramLabel = "WHEN",
      defaultValue = "drift",
      description =
          "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}: whenever the exit code is not 0).")
  private When when;

  boolean given() {
    return url.isPresent();
  }

  /** What is needed to send. */
  record Ready(Target target, String key, When when) {}

  /** Everything that can be wrong is told before anything is read from a cluster. */
  Optional<Ready> ready(Redactor redactor) {
    if (url.isEmpty()) {
      if (keyFile.isPresent()) {
        throw new ParameterException(spec.commandLine(), "--notify-key-file needs --notify URL");
      }
      return Optional.empty();
    }
    String address = url.get();
    Target target =
        Target.of(address.startsWith("@") ? read(Path.of(address.substring(1))) : address);
    String key =
        keyFile
            .map(NotifyOptions::read)
            .or(() -> Optional.ofNullable(System.getenv(KEY)))
            .map(String::strip)
            .orElseThrow(
                () ->
                    MusterException.of(
                        "--notify signs what it sends, and there is no key",
                        "give one that the receiver knows: --notify-key-file FILE, or "
                            + KEY
                            + " in the environment",
                        "make one: openssl rand -hex 32"));
    if (key.length() < SHORTEST_KEY) {
      throw MusterException.of(
          "the key of --notify is shorter than " + SHORTEST_KEY + " characters",
          "make one: openssl rand -hex 32");
    }
    redactor.learn(key);
    return Optional.of(new Ready(target, key, when));
  }

  /** Sends it. That it did not arrive is told on stderr and changes nothing of what was found. */
  void send(Ready ready, DriftOutcome outcome, Clean clean) {
    if (ready.when() == When.drift && outcome.exitCode() == ExitCode.OK.code()) {
      return;
    }
    new Notifier(ready.key().getBytes(StandardCharsets.UTF_8), "muster/" + Data.version(), PATIENCE)
        .send(ready.target(), new DriftNotification(clean).render(outcome))
        .ifPresent(
            why -> {
              spec.commandLine().getErr().println("warning: nobody was notified: " + why);
              spec.commandLine().getErr().flush();
            });
  }

  private static String read(Path file) {
    try {
      return BoundedFile.text(file, Bounds.CREDENTIAL);
    } catch (IOException e) {
      throw MusterException.of("cannot read " + file + ", which --notify needs");
    }
  }
}
