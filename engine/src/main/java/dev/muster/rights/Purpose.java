package dev.muster.rights;

/** What an account is for. */
public enum Purpose {
  /** To look: {@code plan}, {@code drift}, {@code status}. Reads only. */
  DRIFT,
  /** To look and go on looking: {@code watch}, and all that {@link #DRIFT} is for. */
  WATCH,
  /** To do: {@code apply}, {@code drift --heal}, {@code rotate}, and all that reads. */
  APPLY
}
