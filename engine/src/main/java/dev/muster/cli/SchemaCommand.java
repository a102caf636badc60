package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.plan.PlanReader;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.session.Data;
import dev.muster.topology.TopologyReader;
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
      paramLabel = "NAME",
      description = "The built-in plan whose keys a topology may have (default: the default plan).")
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
      ObjectNode composed = TopologyReader.compose(schema, inputs());
      composed.put(
          "$id", schema.path("$id").asText().replace("topology.", planName() + "-topology."));
      schema = composed;
    }
    spec.commandLine().getOut().println(schema.toPrettyString());
    return ExitCode.OK.code();
  }

  private String planName() {
    return plan.isEmpty() ? Data.defaultPlan() : plan;
  }

  private JsonNode inputs() {
    String name = planName();
    String text =
        Data.plan(name)
            .orElseThrow(() -> MusterException.of("there is no built-in plan \"" + name + "\""));
    Problems problems = new Problems();
    JsonNode inputs =
        PlanReader.read(
                "plans/" + name + ".yaml",
                text,
                Data.schema("plan"),
                Data.schema("topology"),
                problems)
            .orElseThrow(() -> new MusterException(problems.all()))
            .inputs();
    return inputs;
  }
}
