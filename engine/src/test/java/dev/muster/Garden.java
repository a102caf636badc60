package dev.muster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.plan.Plan;
import dev.muster.plan.PlanReader;
import dev.muster.problem.Problems;
import dev.muster.topology.SecretInput;
import dev.muster.topology.Topology;
import dev.muster.topology.TopologyReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A made-up system with a plan of its own, for tests that need one. */
public final class Garden {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DATA = Path.of("..");

  private Garden() {}

  public static Plan plan() {
    return plan(Path.of("src/test/resources/plans/garden.yaml"));
  }

  public static Plan plan(Path file) {
    Problems problems = new Problems();
    return PlanReader.read(
            file.toString(), text(file), schema("plan"), schema("topology"), problems)
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  /** A topology whose {@code spec} has these lines, indented by two spaces. */
  public static Topology topology(String spec) {
    String text =
        "apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: acme}\nspec:\n" + spec;
    Problems problems = new Problems();
    return TopologyReader.open("t.yaml", text, Path.of("/topologies/acme"), problems)
        .flatMap(
            reader ->
                reader.read(
                    schema("topology"),
                    plan().inputs(),
                    (source, folder, where, found) ->
                        List.of(json("{\"kind\":\"" + source.path("file").asText() + "\"}")),
                    (source, folder, where, found) ->
                        Optional.of(new SecretInput.Text("the value of " + source)),
                    problems))
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  /** A topology file for a plan; it names neither files nor secrets. */
  public static Topology topology(Plan plan, String text) {
    Problems problems = new Problems();
    return TopologyReader.open("t.yaml", text, Path.of("/"), problems)
        .flatMap(
            reader ->
                reader.read(
                    schema("topology"),
                    plan.inputs(),
                    (source, folder, where, found) -> List.of(),
                    (source, folder, where, found) -> Optional.empty(),
                    problems))
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonNode schema(String name) {
    try {
      return JSON.readTree(DATA.resolve("schemas/" + name + ".schema.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
