package dev.muster.plan;

/** Which cluster an object lives in, or a step works on. */
public enum On {
  HOST,
  MEMBER,
  /** The host and every member has one of its own. */
  EACH
}
