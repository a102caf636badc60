package dev.muster.cli;

import dev.muster.problem.MusterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Asks a person at a terminal whether to go on. */
final class Consent {
  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;

  Consent(MusterCommand top, PrintWriter out, PrintWriter err) {
    this.top = top;
    this.out = out;
    this.err = err;
  }

  /**
   * Whether the answer is yes; it is no where nobody can be asked.
   *
   * @param otherwise what to do where nobody can be asked
   */
  boolean given(String otherwise) {
    if (!top.terminal()) {
      err.println("error: nobody can be asked here whether to apply this");
      err.println("  hint: " + otherwise);
      return false;
    }
    out.print("Apply this? Only \"yes\" is taken for a yes: ");
    out.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      if ("yes".equals(answer)) {
        return true;
      }
    } catch (IOException e) {
      throw MusterException.of("the answer cannot be read: " + e.getMessage());
    }
    out.println("nothing was written");
    return false;
  }
}
