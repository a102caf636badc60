package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.fuzz.Promises;
import dev.muster.plan.PlanReader;
import dev.muster.problem.Problems;
import dev.muster.session.Data;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A topology file, checked against the keys of the built-in plan. */
public final class TopologyFuzz {
  private static final JsonNode BASE = Data.schema("topology");
  private static final JsonNode INPUTS =
      PlanReader.open("plan", Data.plan(Data.defaultPlan()).orElseThrow(), new Problems())
          .orElseThrow()
          .inputs();

  private TopologyFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Promises.hold(
        input,
        text -> {
          Problems problems = new Problems();
          Optional<Topology> topology =
              TopologyReader.open("topology.yaml", text, Path.of("/nowhere"), problems)
                  .flatMap(
                      reader ->
                          reader.read(
                              BASE,
                              INPUTS,
                              (source, folder, where, found) -> List.of(),
                              (source, folder, where, found) ->
                                  Optional.of(new SecretInput.Unread("unread")),
                              problems));
          if (topology.isEmpty()) {
            Promises.told(problems.all());
            problems.all().forEach(p -> Promises.that(!p.where().file().isEmpty(), p.text()));
          }
        });
  }
}
