package dev.muster.diff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverlayPropertyTest {
  private static final int CASES = Integer.getInteger("muster.cases", 5000);
  private static final ObjectRef REF = ObjectRef.of("example.dev/v1", "Thing", "", "x");
  private static final FieldRules RULES = RandomTrees.rules();

  @Test
  void patchGivesTheOverlayAndASecondDiffIsEmpty() {
    for (long seed = 0; seed < CASES; seed++) {
      RandomTrees.Case drawn = new RandomTrees(seed).next();
      if (!failure(drawn).isEmpty()) {
        RandomTrees.Case smallest = RandomTrees.shrunk(drawn, c -> !failure(c).isEmpty());
        assertThat(failure(smallest)).as("seed %d: %s", seed, smallest).isEmpty();
      }
    }
  }

  private static String failure(RandomTrees.Case drawn) {
    Declared.Fields declared = (Declared.Fields) RandomTrees.declaration(drawn.declared());
    List<FieldPath> removed = RandomTrees.paths(drawn.removed());
    JsonNode before = drawn.live().deepCopy();
    try {
      ObjectDiff diff =
          Overlay.compare(REF, drawn.live(), declared, RULES, removed)
              .resolveGenerated(new Random(1));
      JsonNode after = diff.isEmpty() ? drawn.live() : Patches.apply(diff.patch(), drawn.live());
      if (!Values.equal(after, diff.result())) {
        return "not the overlay: " + after + " instead of " + diff.result();
      }
      ObjectDiff second = Overlay.compare(REF, after, declared, RULES, removed);
      if (!second.isEmpty()) {
        return "second diff: " + second + " of " + after;
      }
      if (!diff.isEmpty() && !Values.equal(LongPatch.apply(diff.patch(), drawn.live()), after)) {
        return "a long patch: " + LongPatch.apply(diff.patch(), drawn.live());
      }
      if (!before.equals(drawn.live())) {
        return "the live tree was changed";
      }
      ObjectDiff created = Overlay.create(REF, declared, RULES).resolveGenerated(new Random(1));
      ObjectDiff again = Overlay.compare(REF, created.manifest(), declared, RULES);
      return again.isEmpty() ? "" : "after create: " + again + " of " + created.manifest();
    } catch (dev.muster.problem.MusterException | IllegalArgumentException e) {
      // Smaller cases can be without a merge key, which is refused.
      return String.valueOf(e.getMessage()).contains("told apart") ? "" : String.valueOf(e);
    } catch (RuntimeException e) {
      return e + " " + List.of(e.getStackTrace()).subList(0, 4);
    }
  }
}
