package dev.muster.cli;

import java.io.PrintWriter;
import java.util.function.UnaryOperator;

/**
 * What is good to know and stops nothing, each as soon as it is known.
 *
 * @param clean makes text from anywhere fit to be shown: who holds a lock is said by anybody who
 *     may write Leases
 * @param told whether people read this: a run that is told as events has no notes
 */
record Notes(UnaryOperator<String> clean, PrintWriter out, boolean told) {
  /** For people. */
  static Notes to(PrintWriter out, MusterCommand top) {
    return new Notes(top::clean, out, true);
  }

  /** A text of several lines stays one note: nothing in it begins a line of its own. */
  void tell(String text) {
    if (told) {
      out.print(clean.apply("note: " + text.replaceAll("\\R\\s*", "\n      ")));
      out.flush();
    }
  }
}
