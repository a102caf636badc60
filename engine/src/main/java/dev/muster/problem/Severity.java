package dev.muster.problem;

/** How bad a {@link Problem} is: an error stops the phase that found it, a warning does not. */
public enum Severity {
  ERROR,
  WARNING
}
