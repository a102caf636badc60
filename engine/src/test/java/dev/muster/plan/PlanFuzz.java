package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.fuzz.Promises;
import dev.muster.problem.Problems;
import dev.muster.session.Data;
import java.util.Optional;

/** A plan file: its structure, its names, its expressions. */
public final class PlanFuzz {
  private static final JsonNode SCHEMA = Data.schema("plan");
  private static final JsonNode TOPOLOGY = Data.schema("topology");

  static {
    // The first expression of a process loads CEL, which on a busy machine takes seconds.
    PlanReader.read(
        "plan", Data.plan(Data.defaultPlan()).orElseThrow(), SCHEMA, TOPOLOGY, new Problems());
  }

  private PlanFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Promises.hold(
        input,
        text -> {
          Problems problems = new Problems();
          Optional<Plan> plan = PlanReader.read("plan.yaml", text, SCHEMA, TOPOLOGY, problems);
          if (plan.isEmpty()) {
            Promises.told(problems.all());
            problems.all().forEach(p -> Promises.that(!p.where().file().isEmpty(), p.text()));
          }
        });
  }
}
