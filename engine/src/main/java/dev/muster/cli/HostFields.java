package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What {@code import} is told of the host, by keys of the plan's inputs. */
final class HostFields {
  /** What import says itself, of these and in other options. */
  private static final List<String> TAKEN = List.of("name", "uid", "access");

  private HostFields() {}

  /**
   * The values are read as YAML, as in the file they go into.
   *
   * @throws ParameterException when one cannot be read, or import says it itself
   */
  static ObjectNode of(Map<String, String> written, CommandLine command) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    written.forEach((key, value) -> fields.set(key, value(key, value, command)));
    return fields;
  }

  private static JsonNode value(String key, String written, CommandLine command) {
    if (TAKEN.contains(key)) {
      throw new ParameterException(
          command, "--host-field " + key + ": import writes this itself; give another key");
    }
    Problems problems = new Problems();
    return YamlReader.read("--host-field " + key, written, problems)
        .filter(read -> !problems.hasErrors())
        .map(YamlNode::json)
        .orElseThrow(
            () ->
                new ParameterException(
                    command, "--host-field " + key + ": its value is no YAML; quote it"));
  }
}
