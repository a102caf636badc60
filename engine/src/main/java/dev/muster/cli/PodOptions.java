package dev.muster.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** What a CronJob needs to know beyond other forms of a schedule. */
final class PodOptions {
  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "cronjob, deployment: an image with muster in it; needed.")
  private Optional<String> image = Optional.empty();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "muster",
      description = "cronjob, deployment: where it runs (default: ${DEFAULT-VALUE}).")
  private String namespace;

  @Option(
      names = "--config-map",
      paramLabel = "NAME",
      description =
          "cronjob, deployment: the ConfigMap with topology.yaml (default: muster-TOPOLOGY).")
  private Optional<String> config = Optional.empty();

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description =
          "cronjob, deployment: the Secret with the files that the topology names (default: muster-TOPOLOGY).")
  private Optional<String> secret = Optional.empty();

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description = "cronjob: an Indexed Job of so many pods, each for a part of the members.")
  private int shards;

  Optional<String> image() {
    return image;
  }

  String namespace() {
    return namespace;
  }

  Optional<String> config() {
    return config;
  }

  Optional<String> secret() {
    return secret;
  }

  int shards() {
    return shards;
  }
}
