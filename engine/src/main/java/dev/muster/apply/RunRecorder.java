package dev.muster.apply;

import java.util.List;
import java.util.Map;

/** Keeps the history of runs. An intent is stored before the first write of its run. */
public interface RunRecorder {
  /**
   * Stores what is about to happen.
   *
   * @param files path to text, all of it free of secrets
   * @param trailers in the order in which they are to be shown, without the run id
   */
  OpenRun begin(
      String runId, String summary, Map<String, String> files, Map<String, String> trailers);

  /** Runs that began and never ended, oldest first. */
  List<Interrupted> interrupted();

  /** Ends the record of a run whose process is gone. */
  void closeInterrupted(Interrupted run, String summary);

  /** A record that has begun. */
  interface OpenRun {
    /** Stores how it ended, as one entry of the history; files replace those of the beginning. */
    void finish(String summary, Map<String, String> files, Map<String, String> trailers);
  }

  /**
   * A record without an end.
   *
   * @param begun RFC 3339 time of its beginning
   */
  record Interrupted(String runId, String begun, String summary) {}
}
