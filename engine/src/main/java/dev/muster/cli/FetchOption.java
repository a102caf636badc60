package dev.muster.cli;

import dev.muster.history.GitHistory;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a command that reads the history looks for records of other runners first. */
final class FetchOption {
  @Option(
      names = "--fetch",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "REMOTE",
      description =
          "Fetch the records of other runners first, from REMOTE or from where --push goes by default.")
  private Optional<String> remote = Optional.empty();

  void fetch(GitHistory history, CommandSpec spec, MusterCommand top) {
    if (remote.isEmpty()) {
      return;
    }
    if (history.share(remote.filter(name -> !name.isEmpty())).isEmpty()) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(),
          "--fetch needs a REMOTE, as neither MUSTER_PUSH nor `git config muster.push` names one");
    }
    history
        .fetch()
        .ifPresent(why -> spec.commandLine().getErr().print(top.clean("warning: " + why)));
  }
}
