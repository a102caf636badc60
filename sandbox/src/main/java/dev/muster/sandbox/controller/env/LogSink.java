package dev.muster.sandbox.controller.env;

/** Where the lines of simulated containers go; must not block. */
public interface LogSink {
  /** Appends one line, without its line end, to the log of a container. */
  void line(String namespace, String pod, String container, String line);

  /** Forgets everything. */
  static LogSink none() {
    return (namespace, pod, container, line) -> {};
  }
}
