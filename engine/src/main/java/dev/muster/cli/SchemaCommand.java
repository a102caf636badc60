package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.session.Data;
import dev.muster.session.FoundPlan;
import dev.muster.topology.TopologyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "schema",
    description = "Prints the JSON Schema of a file kind, for editors.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
  private static final List<String> KINDS =
      List.of(
          "topology",
          "plan",
          "plan-test",
          "plan-case",
          "change-set",
          "history",
          "drift-report",
          "drift-event",
          "drift-notification");

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "KIND",
      description =
          "One of topology (default), plan, plan-test, plan-case, change-set, history, drift-report, drift-event, drift-notification.")
  private String kind = "topology";

  @Option(
      names = "--plan",
      paramLabel = "PLAN",
      description =
          "Whose keys a topology may have: a built-in plan or a plan file (default: the default plan).")
  private String plan = "";

  @Override
  public Integer call() {
    if (!KINDS.contains(kind)) {
      throw MusterException.of(
          "there is no schema of \"" + kind + "\"",
          Suggestion.closest(kind, KINDS)
              .map(close -> "did you mean " + close + "?")
              .orElse("use one of: " + String.join(", ", KINDS)));
    }
    JsonNode schema = Data.schema(kind);
    if (kind.equals("topology")) {
      String name = plan.isEmpty() ? Data.defaultPlan() : plan;
      Plan read = FoundPlan.of(name, Path.of(name)).plan();
      ObjectNode composed = TopologyReader.compose(schema, read.inputs());
      composed.put(
          "$id", schema.path("$id").asText().replace("topology.", read.name() + "-topology."));
      schema = composed;
    }
    spec.commandLine().getOut().println(schema.toPrettyString());
    return ExitCode.OK.code();
  }
}
