package dev.muster.testbed.secret;

import dev.muster.cli.MusterCommand;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The program's commands and the forms in which each can print, as the program itself has them. */
final class Commands {
  private Commands() {}

  /** Each command, and each value of each option that has a list of them. */
  static Set<String> all() {
    try {
      Constructor<MusterCommand> made = MusterCommand.class.getDeclaredConstructor(boolean.class);
      made.setAccessible(true);
      MusterCommand top = made.newInstance(false);
      CommandLine commands = new CommandLine(top);
      // The program makes only the command that a call names.
      Method addAll =
          Class.forName("dev.muster.cli.Commands")
              .getDeclaredMethod("addAll", CommandLine.class, MusterCommand.class);
      addAll.setAccessible(true);
      addAll.invoke(null, commands, top);
      Set<String> all = new TreeSet<>();
      walk("", commands, all);
      return all;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void walk(String above, CommandLine command, Set<String> all) {
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              all.add(above + name);
              sub.getCommandSpec().options().stream()
                  .filter(option -> !option.hidden())
                  .forEach(option -> values(above + name, option, all));
              walk(above + name + " ", sub, all);
            });
  }

  private static void values(String command, OptionSpec option, Set<String> all) {
    if (option.completionCandidates() == null || option.arity().max() == 0) {
      return;
    }
    for (String value : option.completionCandidates()) {
      if (!value.equals("true") && !value.equals("false")) {
        all.add(command + " " + option.longestName() + " " + value);
      }
    }
  }

  /** What of {@link #all} such a command line is about. */
  static List<String> covered(Collection<String> all, List<String> words) {
    List<String> covered = new ArrayList<>();
    String line = String.join(" ", words).replaceAll("(--[a-z-]+)=", "$1 ") + " ";
    line = line.replace(" -o ", " --output ");
    for (String entry : all) {
      String[] parts = entry.split(" (?=--)", 2);
      boolean same = line.startsWith(parts[0] + " ");
      // Some options take their words in either case.
      String option = parts.length == 1 ? " " : " " + parts[1].toLowerCase(Locale.ROOT) + " ";
      if (same && line.toLowerCase(Locale.ROOT).contains(option)) {
        covered.add(entry);
      }
    }
    return covered;
  }

  /** The words with one more. */
  static String[] with(List<String> words, String more) {
    return Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new);
  }
}
