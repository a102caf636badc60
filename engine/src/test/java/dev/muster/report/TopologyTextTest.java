package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.resource.Redactor;
import dev.muster.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void keepsTheOrderOfTheSchemaAndLeavesDefaultsOut() throws IOException {
    JsonNode base = JSON.readTree(Path.of("../schemas/topology.schema.json").toFile());
    JsonNode schema = TopologyReader.compose(base, Garden.plan().inputs());
    ObjectNode host = object("{'well': {'depth': 'deep'}, 'uid': 'abcdef01', 'name': 'host'}");
    ObjectNode member =
        object("{'colour': 'red: not blue', 'labels': {'a': 'true'}, 'name': 'm1'}");
    ObjectNode lost = object("{'colour': 'a\\u001bb', 'name': 'm2'}");

    String text =
        new TopologyText(schema, new Clean(new Redactor()))
            .render(
                new TopologyText.Head(List.of("found\u001b[2J by nobody"), "acme", "garden", "k"),
                new TopologyText.Entry(host, List.of("x ".repeat(70).strip()), false),
                List.of(
                    new TopologyText.Entry(lost, List.of("m2 is left out:"), true),
                    new TopologyText.Entry(member, List.of(), false)));

    assertThat(text)
        .isEqualTo(
            """
            # found\uFFFD[2J by nobody
            apiVersion: muster.dev/v1alpha1
            kind: Topology
            metadata:
              name: acme
            spec:
              plan: garden
              defaults:
                access:
                  kubeconfig:
                    file: k
              # %s
              # %s
              host:
                uid: abcdef01
              members:
              - name: m1
                labels:
                  a: "true"
                colour: "red: not blue"
              # m2 is left out:
              # - name: m2
              #   colour: "a\\u001Bb"
            """
                .formatted("x ".repeat(53).strip(), "x ".repeat(17).strip()));
  }

  private static ObjectNode object(String json) throws IOException {
    return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
  }
}
