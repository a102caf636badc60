package dev.muster.cli;

import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The program's version, as the build wrote it down. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"muster " + text()};
  }

  static String text() {
    Properties properties = new Properties();
    Data.text("/muster/version.properties")
        .ifPresent(
            text -> {
              try {
                properties.load(new java.io.StringReader(text));
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    return properties.getProperty("version", "unknown");
  }
}
