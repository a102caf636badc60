package dev.muster.cli;

import dev.muster.history.Checkouts;
import dev.muster.history.GitCheckout;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.session.TopologyFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The topology that a command is about. */
final class FileOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      defaultValue = "topology.yaml",
      description =
          "The topology file, or one in a commit: git+URL//PATH?ref=REF (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--git-ref",
      paramLabel = "REF",
      description = "Take the file, its plan and its manifests from this commit of its repository.")
  private Optional<String> ref = Optional.empty();

  @Option(
      names = "--require-clean",
      description = "Refuse when the file, its plan or a manifest is not as committed.")
  private boolean requireClean;

  private Optional<Path> opened = Optional.empty();

  /**
   * The file to read, made of a commit where one is named.
   *
   * @throws dev.muster.problem.MusterException when there is no such commit or file
   */
  Path file() {
    if (opened.isEmpty()) {
      opened = Optional.of(open());
      if (requireClean) {
        Loader.Loaded loaded = load(SecretSources.Extent.NONE);
        loaded.provenance().requireClean(loaded.file());
      }
    }
    return opened.get();
  }

  /** Whether the file is one of a commit, which nobody can edit. */
  boolean committed() {
    return ref.isPresent() || Checkouts.named(name);
  }

  private Path open() {
    if (!Checkouts.named(name) && ref.isEmpty()) {
      return Path.of(name);
    }
    if (Checkouts.named(name) && ref.isPresent()) {
      throw new ParameterException(
          command.commandLine(), "--git-ref is for a file; write ?ref=" + ref.get() + " there");
    }
    GitCheckout checkout =
        ref.isPresent() ? GitCheckout.at(Path.of(name), ref.get()) : GitCheckout.open(name);
    top().closing(checkout);
    return TopologyFile.checkout(checkout).file();
  }

  private MusterCommand top() {
    return (MusterCommand) command.root().userObject();
  }

  /** With its secret values, for working with clusters. */
  Loader.Loaded load() {
    return load(SecretSources.Extent.ALL);
  }

  /**
   * The topology with as much of its secret values as the command needs.
   *
   * @throws dev.muster.problem.MusterException with all problems
   */
  Loader.Loaded load(SecretSources.Extent extent) {
    return Loader.load(file(), new SecretSources(extent, top().redactor()));
  }
}
