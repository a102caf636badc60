package dev.muster.cli;

import picocli.CommandLine.Option;

/** For people or for machines. */
final class OutputOptions {
  enum Format {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format;

  boolean json() {
    return format == Format.json;
  }
}
