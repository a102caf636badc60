package dev.muster.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.changes.FieldView;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldNameTest {
  private static final List<DriftedField> FIELDS =
      List.of(
          field("host", "Bed", "", "m1", "spec.colour"),
          field("host", "Bed", "", "m2", "spec.colour"),
          field("m1", "Pot", "garden", "m1", "spec.colour"),
          field("m1", "Pot", "garden", "m1", "metadata.labels['a.b/c']"));

  @Test
  void theWholeNameMeansOne() {
    assertThat(found("host:Bed/m1:spec.colour")).containsExactly("host:Bed/m1:spec.colour");
    assertThat(found("m1:Pot/garden/m1:spec.colour"))
        .containsExactly("m1:Pot/garden/m1:spec.colour");
  }

  @Test
  void lessOfItMeansAllThatItFits() {
    assertThat(found("Bed/m2:spec.colour")).containsExactly("host:Bed/m2:spec.colour");
    assertThat(found("Pot/m1:spec.colour")).containsExactly("m1:Pot/garden/m1:spec.colour");
    assertThat(found("host:spec.colour")).hasSize(2);
    assertThat(found("colour")).hasSize(3);
    assertThat(found("a.b/c")).containsExactly("m1:Pot/garden/m1:metadata.labels['a.b/c']");
  }

  @Test
  void partsOfKeysMeanNothing() {
    assertThat(found("lour")).isEmpty();
    assertThat(found("")).isEmpty();
  }

  private static List<String> found(String name) {
    return FieldName.find(FIELDS, name).stream().map(FieldName::of).toList();
  }

  private static DriftedField field(
      String cluster, String kind, String namespace, String name, String path) {
    return new DriftedField(
        cluster,
        "plant",
        ObjectRef.of("v1", kind, namespace, name),
        false,
        false,
        new FieldView(path, "replace", "1", "2", false, List.of(), false, false),
        DriftedField.Kind.DRIFT,
        Optional.empty(),
        List.of());
  }
}
