package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.diff.FieldChange;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlatTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  private static Declared text(String value, boolean sensitive) {
    return new Declared.Known(TextNode.valueOf(value), sensitive);
  }

  private static Declared.Fields container(Declared... command) {
    Declared agent =
        new Declared.Fields(
            Map.of("name", text("agent", false), "command", new Declared.Items(List.of(command))));
    return new Declared.Fields(Map.of("containers", new Declared.Items(List.of(agent))));
  }

  private static FieldChange replaced(String before, String after) throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode old = json.readTree(before);
    return new FieldChange(
        FieldPath.of("containers", "[name=agent]", "command"),
        FieldChange.Kind.REPLACE,
        old,
        json.readTree(after),
        true,
        List.of(),
        false);
  }

  @Test
  void tellsOfACommandLineOnlyTheArgumentsThatDiffer() throws Exception {
    List<FieldChange> opened =
        Flat.opened(
            List.of(
                replaced(
                    "[\"--token=" + KEY + "\",\"--server=a\"]",
                    "[\"--token=" + KEY + "\",\"--server=b\"]")),
            container(text("--token=" + KEY, true), text("--server=b", false)));
    assertThat(opened)
        .map(FieldChange::toString)
        .containsExactly("~ containers[name=agent].command[1]: \"--server=a\" -> \"--server=b\"");
  }

  @Test
  void hidesALiveKeyThatStandsWhereAnotherArgumentIsDeclared() throws Exception {
    List<FieldChange> opened =
        Flat.opened(
            List.of(
                replaced(
                    "[\"--server=a\",\"--token=" + KEY + "\"]",
                    "[\"--token=" + KEY + "\",\"--server=a\"]")),
            container(text("--token=" + KEY, true), text("--server=a", false)));
    assertThat(opened).hasSize(2).allMatch(FieldChange::sensitive);
  }

  @Test
  void keepsAListOfAnotherLengthAsOneChange() throws Exception {
    FieldChange whole = replaced("[\"--server=a\"]", "[\"--token=x\",\"--server=a\"]");
    assertThat(
            Flat.opened(
                List.of(whole), container(text("--token=x", true), text("--server=a", false))))
        .containsExactly(whole);
  }
}
