package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimTest {
  private static final ObjectRef BED = ObjectRef.of("example.com/v1", "Bed", "", "b");
  private static final FieldPath A = FieldPath.of("spec", "a");
  private static final FieldPath B = FieldPath.of("spec", "b");
  private static final FieldPath C = FieldPath.of("spec", "c");
  private static final OwnedObject NOTHING = OwnedObject.of("m1", BED, FieldRules.none());

  @Test
  void ownsTheUnionWhileItWritesAndExactlyTheDeclaredAfterwards() {
    OwnedObject before = claim("dig", List.of(A, B)).settled(NOTHING, "u", false);
    OwnedObject during = claim("dig", List.of(B, C)).intended(before);
    assertThat(during.all()).containsExactlyInAnyOrder(A, B, C);
    assertThat(claim("dig", List.of(B, C)).settled(during, "u", false).all())
        .containsExactlyInAnyOrder(B, C);
  }

  @Test
  void keepsTheStepsApart() {
    OwnedObject two =
        claim("plant", List.of(B))
            .settled(claim("dig", List.of(A)).settled(NOTHING, "u", false), "u", false);
    assertThat(two.fields()).containsOnlyKeys("dig", "plant");
    OwnedObject one =
        new Claim(
                "m1",
                BED,
                FieldRules.none(),
                "plant",
                false,
                "u",
                List.of(B),
                Set.of("dig"),
                Map.of())
            .settled(two, "u", false);
    assertThat(one.fields()).containsOnlyKeys("plant");
  }

  @Test
  void remembersWhatMusterReplacedFirstAndForgetsItWithTheField() {
    OwnedObject first =
        claim("dig", List.of(A), Map.of(A, text("theirs"))).settled(NOTHING, "u", false);
    OwnedObject second =
        claim("dig", List.of(A), Map.of(A, text("drifted"))).settled(first, "u", false);
    assertThat(second.before()).containsEntry(A, text("theirs"));
    assertThat(claim("dig", List.of(B)).settled(second, "u", false).before()).isEmpty();
  }

  @Test
  void knowsAnObjectThatItMadeAlsoAfterItWasKilled() {
    Claim making =
        new Claim("m1", BED, FieldRules.none(), "dig", true, "", List.of(A), Set.of(), Map.of());
    OwnedObject intended = making.intended(NOTHING);
    assertThat(intended.made().intended()).isTrue();
    assertThat(making.settled(intended, "new", true).made().is("new")).isTrue();
    assertThat(claim("dig", List.of(A)).settled(intended, "found", false).made().is("found"))
        .isTrue();
  }

  @Test
  void doesNotTakeAnObjectThatSomebodyElseMadeAnewForItsOwn() {
    OwnedObject made =
        new Claim("m1", BED, FieldRules.none(), "dig", true, "", List.of(A), Set.of(), Map.of())
            .settled(NOTHING, "mine", true);
    assertThat(claim("dig", List.of(A)).settled(made, "mine", false).made().is("mine")).isTrue();
    assertThat(claim("dig", List.of(A)).settled(made, "theirs", false).made())
        .isEqualTo(OwnedObject.Made.NOT);
  }

  @Test
  void ownsOfANewObjectOnlyWhatItDeclares() {
    OwnedObject former =
        claim("plant", List.of(B), Map.of(B, text("theirs"))).settled(NOTHING, "former", false);
    Claim making =
        new Claim("m1", BED, FieldRules.none(), "dig", true, "", List.of(A), Set.of(), Map.of());
    OwnedObject intended = making.intended(former);
    assertThat(intended.all()).containsExactly(A);
    assertThat(intended.before()).isEmpty();
    assertThat(making.settled(former, "new", true).all()).containsExactly(A);
  }

  private static Claim claim(String step, List<FieldPath> fields) {
    return claim(step, fields, Map.of());
  }

  private static Claim claim(String step, List<FieldPath> fields, Map<FieldPath, JsonNode> before) {
    return new Claim("m1", BED, FieldRules.none(), step, false, "u", fields, Set.of(), before);
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }
}
