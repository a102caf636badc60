package dev.muster.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * The commands of the program. Finding out what options one has takes milliseconds, for all of them
 * longer than the start of the JVM, so a call makes the one that it names and no other.
 */
final class Commands {
  private static final Map<String, Supplier<Object>> OWN = new LinkedHashMap<>();

  static {
    OWN.put("import", ImportCommand::new);
    OWN.put("validate", ValidateCommand::new);
    OWN.put("plan", PlanCommand::new);
    OWN.put("apply", ApplyCommand::new);
    OWN.put("rotate", RotateCommand::new);
    OWN.put("drift", DriftCommand::new);
    OWN.put("watch", WatchCommand::new);
    OWN.put("status", StatusCommand::new);
    OWN.put("why", WhyCommand::new);
    OWN.put("doctor", DoctorCommand::new);
    OWN.put("history", HistoryCommand::new);
    OWN.put("show", ShowCommand::new);
    OWN.put("blame", BlameCommand::new);
    OWN.put("diff", DiffCommand::new);
    OWN.put("rollback", RollbackCommand::new);
    OWN.put("lock", LockCommand::new);
    OWN.put("rbac", RbacCommand::new);
    OWN.put("schedule", ScheduleCommand::new);
    OWN.put("graph", GraphCommand::new);
    OWN.put("plan-test", PlanTestCommand::new);
    OWN.put("plan-lint", PlanLintCommand::new);
    OWN.put("plan-pin", PlanPinCommand::new);
    OWN.put("migrate", MigrateCommand::new);
    OWN.put("schema", SchemaCommand::new);
    OWN.put("generate-completion", AutoComplete.GenerateCompletion::new);
    OWN.put("help", CommandLine.HelpCommand::new);
  }

  private Commands() {}

  /** Adds what this call needs: the command that it names, or all where it names none of these. */
  static void add(CommandLine top, MusterCommand program, String... args) {
    Optional<Supplier<Object>> named = named(args);
    if (named.isPresent()) {
      top.addSubcommand(named.get().get());
    } else {
      addAll(top, program);
    }
  }

  /** All of them: our own, then those of other modules. */
  static void addAll(CommandLine top, MusterCommand program) {
    OWN.values().forEach(command -> top.addSubcommand(command.get()));
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      provider.commands(program).forEach(top::addSubcommand);
    }
  }

  /** The program's own options take no values, so the first word without a dash is the command. */
  private static Optional<Supplier<Object>> named(String... args) {
    for (String arg : args) {
      if (!arg.startsWith("-")) {
        return arg.equals("help") || arg.equals("generate-completion")
            ? Optional.empty()
            : Optional.ofNullable(OWN.get(arg));
      }
    }
    return Optional.empty();
  }
}
