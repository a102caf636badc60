package dev.muster.cli;

import java.io.PrintWriter;

/** What is good to know of a run and stops nothing; a run that is told as events has none. */
final class RunNotes {
  private final MusterCommand top;
  private final PrintWriter out;
  private final boolean told;

  RunNotes(MusterCommand top, PrintWriter out, ApplyOptions options) {
    this.top = top;
    this.out = out;
    this.told = !options.events();
  }

  /**
   * Tells one.
   *
   * @param text from anywhere: it may name who holds a lock, and anybody who may write Leases says
   *     who that is
   */
  void tell(String text) {
    if (told) {
      out.print(top.clean("note: " + text));
    }
  }
}
