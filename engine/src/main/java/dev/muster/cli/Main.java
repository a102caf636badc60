package dev.muster.cli;

import dev.muster.bound.Exhausted;
import dev.muster.bound.PrintableWriter;
import dev.muster.changes.RefusedException;
import dev.muster.kube.JvmSettings;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.report.Clean;
import dev.muster.resource.ForeignText;
import dev.muster.resource.Redactor;
import dev.muster.session.Prepared;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Where the program begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    boolean terminal = System.console() != null;
    int code = run(out, err, terminal, args);
    Prepared.keep();
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs one command.
   *
   * @param terminal whether a person is at the other end, who can be asked and likes colours
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, boolean terminal, String... args) {
    quiet();
    JvmSettings.apply();
    MusterCommand top = new MusterCommand(terminal);
    CommandLine commands = new CommandLine(top);
    Commands.add(commands, top, args);
    return execute(prepared(commands, top, out, err), top, args);
  }

  /**
   * The whole command line.
   *
   * @param more commands beside those that are known
   */
  static CommandLine commands(MusterCommand top, PrintWriter out, PrintWriter err, Object... more) {
    CommandLine commands = new CommandLine(top);
    Commands.addAll(commands, top);
    Stream.of(more).forEach(commands::addSubcommand);
    return prepared(commands, top, out, err);
  }

  /** What is set here reaches only the commands that are there already. */
  private static CommandLine prepared(
      CommandLine commands, MusterCommand top, PrintWriter out, PrintWriter err) {
    commands.setOut(harmless(out)).setErr(harmless(err));
    commands.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            top.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    commands.setUsageHelpWidth(width());
    commands.setExecutionStrategy(new CommandLine.RunLast());
    commands.setParameterExceptionHandler(Main::usageError);
    commands.setExecutionExceptionHandler(
        (exception, command, parsed) -> failed(exception, command, top));
    return commands;
  }

  private static PrintWriter harmless(PrintWriter writer) {
    return new PrintWriter(new PrintableWriter(writer), true);
  }

  /** Runs what the arguments say; whatever happens ends in a code and in words. */
  static int execute(CommandLine commands, MusterCommand top, String... args) {
    try {
      return commands.execute(args);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return failed(e, commands, top);
    } finally {
      top.close();
    }
  }

  /** Libraries have no say on the user's terminal. */
  private static void quiet() {
    Logger root = Logger.getLogger("");
    root.setLevel(Level.OFF);
  }

  private static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{1,3}")
        ? Math.max(60, Integer.parseInt(columns))
        : 80;
  }

  private static int usageError(CommandLine.ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    PrintWriter err = command.getErr();
    if (exception instanceof CommandLine.UnmatchedArgumentException unmatched) {
      unmatched(unmatched.getUnmatched().get(0), command.getCommandSpec(), err);
    } else {
      String message = String.valueOf(exception.getMessage()).lines().findFirst().orElse("");
      err.println("error: " + printable(lowerFirst(message.strip())));
    }
    err.println("Run '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.code();
  }

  /** What is unknown is an option, a command, or an argument too many. */
  private static void unmatched(String word, CommandLine.Model.CommandSpec spec, PrintWriter err) {
    boolean option = word.startsWith("-");
    List<String> known =
        option
            ? spec.options().stream().flatMap(o -> Stream.of(o.names())).toList()
            : List.copyOf(spec.subcommands().keySet());
    String what = option ? "option" : known.isEmpty() ? "argument" : "command";
    err.println("error: unknown " + what + " '" + printable(word) + "'");
    Suggestion.closest(word, known)
        .ifPresent(close -> err.println("  hint: did you mean " + close + "?"));
  }

  /** What was pasted into a command line may have come from anywhere. */
  private static String printable(String text) {
    return new Clean(new Redactor()).line(ForeignText.masked(text));
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static int failed(Throwable exception, CommandLine command, MusterCommand top) {
    PrintWriter err = command.getErr();
    if (top.debug()) {
      // Messages of exceptions are made for nobody in particular and may quote anything.
      StringWriter trace = new StringWriter();
      exception.printStackTrace(new PrintWriter(trace, true));
      trace.toString().lines().map(ForeignText::masked).map(top::clean).forEach(err::print);
    }
    if (exception instanceof MusterException muster) {
      muster.problems().forEach(problem -> err.print(top.clean(problem.text())));
      return ExitCode.ERROR.code();
    }
    if (exception instanceof RefusedException refused) {
      refused.problems().forEach(problem -> err.print(top.clean(problem.text())));
      return ExitCode.REFUSED.code();
    }
    for (Throwable t = exception; t != null; t = t.getCause()) {
      if (t instanceof OutOfMemoryError) {
        return exhausted(command, top);
      }
    }
    err.print(
        "error: this is a fault in muster itself: "
            + top.clean(ForeignText.masked(String.valueOf(exception))));
    // Without its arguments: there may be secrets in them, and whatever was pasted.
    err.println(
        "  hint: nothing more is written; run `"
            + command.getCommandSpec().qualifiedName()
            + "` again with --debug and report what it prints");
    return ExitCode.ERROR.code();
  }

  /**
   * The lock was given back on the way here; a record that is still open is closed by the next run.
   */
  private static int exhausted(CommandLine command, MusterCommand top) {
    CommandLine at = command;
    while (at.getParseResult() != null && at.getParseResult().hasSubcommand()) {
      at = at.getParseResult().subcommand().commandSpec().commandLine();
    }
    PrintWriter err = command.getErr();
    err.print(
        top.clean("error: " + Exhausted.during("`" + at.getCommandSpec().qualifiedName() + "`")));
    err.println("  hint: " + Exhausted.HINT);
    return ExitCode.ERROR.code();
  }
}
