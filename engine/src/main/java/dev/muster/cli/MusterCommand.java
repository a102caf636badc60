package dev.muster.cli;

import dev.muster.history.GitCheckout;
import dev.muster.report.Clean;
import dev.muster.report.Style;
import dev.muster.resource.Redactor;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program's own options, and what all commands of one call share. */
@Command(
    name = "muster",
    description = "Joins clusters as one topology file says, and keeps them so.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:converged, done or nothing to do",
      "1:an error: an invalid file, or the host cannot be reached",
      "2:changes are pending (drift; plan --detailed-exitcode)",
      "3:applied in part, or a rollout stopped; the same command goes on from there",
      "4:a gate failed or timed out",
      "5:refused: rights, the wrong cluster, a requirement",
      "6:the change set is stale",
      "7:another run holds the lock",
      "8:fine as far as clusters could be reached, some are deferred",
      "64:the command line is wrong",
      "130:interrupted, the record is closed (143 for SIGTERM)"
    })
public final class MusterCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces with errors.")
  private boolean debug;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours (also: NO_COLOR in the environment).")
  private boolean noColour;

  private final boolean terminal;
  private final Redactor redactor = new Redactor();

  MusterCommand(boolean terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  boolean debug() {
    return debug;
  }

  /** Whether a person can be asked. */
  public boolean terminal() {
    return terminal;
  }

  boolean colour() {
    return terminal && !noColour && System.getenv("NO_COLOR") == null;
  }

  /** Colours or none, for this call. */
  public Style style() {
    return colour() ? Style.COLOUR : Style.PLAIN;
  }

  /** Learns every sensitive value that this call comes across. */
  public Redactor redactor() {
    return redactor;
  }

  /** Cleans text of several lines. */
  String clean(String text) {
    String named = text;
    for (GitCheckout checkout : checkouts) {
      named = named.replace(checkout.file().toString(), checkout.label());
    }
    return new Clean(redactor).lines(named);
  }

  private final List<GitCheckout> checkouts = new ArrayList<>();

  /** Has a topology of a commit end with this call. */
  void closing(GitCheckout checkout) {
    checkouts.add(checkout);
  }

  void close() {
    // The mention alone would load the git library.
    if (!checkouts.isEmpty()) {
      checkouts.forEach(GitCheckout::close);
    }
  }
}
