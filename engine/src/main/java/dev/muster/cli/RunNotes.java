package dev.muster.cli;

import java.io.PrintWriter;
import java.util.function.UnaryOperator;

/**
 * What is good to know of a run and stops nothing, each as soon as it is known.
 *
 * @param clean makes text from anywhere fit to be shown: who holds a lock is said by anybody who
 *     may write Leases
 * @param told whether people read this: a run that is told as events has no notes
 */
record RunNotes(UnaryOperator<String> clean, PrintWriter out, boolean told) {
  void tell(String text) {
    if (told) {
      out.print(clean.apply("note: " + text));
      out.flush();
    }
  }
}
