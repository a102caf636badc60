package dev.muster.cli;

import dev.muster.session.Data;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"muster " + Data.version()};
  }
}
