package dev.muster.cli;

import java.util.List;

/** Adds commands to the program from another module. */
public interface CommandProvider {
  /** Command objects of picocli; their parent is the given one. */
  List<Object> commands(MusterCommand top);
}
