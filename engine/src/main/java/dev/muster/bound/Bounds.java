package dev.muster.bound;

import java.time.Duration;

/**
 * The limits, in one place. Each is many times what honest input needs, and small enough that one
 * hostile input at a time is refused by a process with a heap of 256 MiB.
 */
public final class Bounds {
  /**
   * Bytes of a file that people write, or that muster wrote: a fleet of 1,000 members has 1 MiB.
   */
  public static final int FILE = 8 << 20;

  /** Values in YAML text, keys among them: a topology of 10,000 members has fewer. */
  public static final int YAML_VALUES = 400_000;

  /** Bytes of a snapshot or a report of a shard, which hold live objects of a whole fleet. */
  public static final int RECORDED = 64 << 20;

  /** Bytes of a kubeconfig: 1,000 contexts with certificates of their own are 8 MiB. */
  public static final int KUBECONFIG = 32 << 20;

  /** Values in a kubeconfig, aliases counted as often as they stand for something. */
  public static final int KUBECONFIG_VALUES = 1_000_000;

  /** Bytes of a certificate, a key or a token in a file of its own. */
  public static final int CREDENTIAL = 1 << 20;

  /** How deep values may be nested in what is neither ours nor an API server's. */
  public static final int DEPTH = 100;

  /** How long to wait for a file that is none: a pipe that nobody writes to. */
  public static final Duration PIPE = Duration.ofSeconds(10);

  /**
   * Bytes of one answer. API servers take objects of 3 MiB at most, and a page of a list has 500 of
   * them, which in practice are a few KiB each.
   */
  public static final int ANSWER = 32 << 20;

  /** JSON tokens of one answer; bounds the tree that is made of it, whose nodes are larger. */
  public static final int ANSWER_TOKENS = 2_000_000;

  /** How deep an answer may be nested: definitions of kinds are the deepest, with some 60. */
  public static final int ANSWER_DEPTH = 200;

  /** Bytes of one event of a watch: one object. */
  public static final int EVENT = 8 << 20;

  /** Bytes of events that were received and not looked at; beyond, the object is read anew. */
  public static final int EVENTS_WAITING = 16 << 20;

  /** Pages of one list. */
  public static final int PAGES = 1_000;

  /** Bytes of all pages of one list. */
  public static final int LIST = 64 << 20;

  /** Bytes of all logs that one look at a gate reads. */
  public static final int LOGS = 16 << 20;

  /** Pods whose logs one look at a gate reads. */
  public static final int LOG_PODS = 50;

  /** Characters of one line of a log; what is beyond is cut off. */
  public static final int LOG_LINE = 16_384;

  /** Characters of what a server, a program or a file says about itself in one of our messages. */
  public static final int QUOTED = 2_000;

  /** Characters; of a longer word a part may be left when a text is cut off. */
  private static final int LONGEST_WORD = 500;

  /** Problems that are told of one phase; more help nobody. */
  public static final int PROBLEMS = 100;

  /** How long fetching one address may take, from the first connection to the last byte. */
  public static final Duration FETCH = Duration.ofSeconds(60);

  /** Bytes of the manifest of an artifact in a registry, which lists its parts. */
  public static final int OCI_MANIFEST = 1 << 20;

  /** Redirects of one address. */
  public static final int REDIRECTS = 5;

  /** Characters of a regular expression that a file or an expression gives. */
  public static final int PATTERN = 1_000;

  /** Steps that such a regular expression is compiled into, counted generously. */
  public static final int PATTERN_STEPS = 10_000;

  /** Steps times characters of one search, some 20 ns each: a few seconds. */
  public static final long PATTERN_WORK = 200_000_000;

  /** Processor time of one expression of a plan; those of the plans here take microseconds. */
  public static final Duration EXPRESSION = Duration.ofSeconds(10);

  /** Digits of a number in YAML text; longer ones take time that grows with their square. */
  public static final int DIGITS = 1_000;

  private Bounds() {}

  /** A text that may be as long as somebody else likes, short enough to be shown. */
  public static String quoted(String text) {
    if (text.length() <= QUOTED) {
      return text;
    }
    return between(text, QUOTED) + "... (" + text.length() + " characters)";
  }

  /**
   * The beginning of a text, cut off between words where that is possible: half of a secret is one
   * too, and nobody would know it again.
   */
  public static String between(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int cut = most;
    while (cut > most - LONGEST_WORD && !boundary(text.charAt(cut - 1))) {
      cut--;
    }
    if (cut == most - LONGEST_WORD) {
      cut = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    }
    return text.substring(0, cut);
  }

  private static boolean boundary(char c) {
    return Character.isWhitespace(c) || "\"',;:=()[]{}".indexOf(c) >= 0;
  }
}
