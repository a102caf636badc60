package dev.muster.session;

import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text of a plan: of one that is built in, or of a file.
 *
 * @param label how messages name it
 */
public record FoundPlan(String label, String text) {
  /** One that is built in, by its name. */
  public static Optional<FoundPlan> builtIn(String name) {
    return Data.plan(name).map(text -> new FoundPlan("plans/" + name + ".yaml", text));
  }

  /**
   * One that is built in, or else a file.
   *
   * @param name what somebody wrote for it
   * @param file which file that would be
   * @throws MusterException when it is neither, or cannot be read
   */
  public static FoundPlan of(String name, Path file) {
    return builtIn(name)
        .orElseGet(
            () -> {
              if (!Files.exists(file)) {
                throw MusterException.of(
                    "there is no plan file " + file,
                    Suggestion.closest(name, Data.plans())
                        .map(close -> "did you mean " + close + "?")
                        .orElseGet(() -> "check the path; " + known()));
              }
              return new FoundPlan(file.toString(), Loader.read(file, "plan"));
            });
  }

  /** The names of those that are built in, in a clause. */
  static String known() {
    return "the built-in plans are called " + String.join(", ", Data.plans());
  }

  /**
   * Reads it.
   *
   * @throws MusterException with all its problems
   */
  public Plan plan() {
    return Loader.plan(label, text);
  }
}
