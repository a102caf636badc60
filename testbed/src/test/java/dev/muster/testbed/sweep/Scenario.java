package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testbed.Muster;
import java.util.List;

/**
 * A change of a fleet.
 *
 * @param before what is declared and applied before it; nothing is done for the first change
 * @param declared what it declares
 * @param command what makes it
 * @param again what goes on after a run that was cut off
 */
record Scenario(
    String name,
    List<Declaration> before,
    Declaration declared,
    List<String> command,
    List<String> again) {
  private static final List<String> APPLY = List.of("apply", "--yes");
  private static final List<String> ROTATE = List.of("rotate", "jwt", "--yes");

  static List<Scenario> all() {
    String one = System.getProperty("muster.sweep.change", "");
    return every().stream().filter(change -> one.isEmpty() || change.name.equals(one)).toList();
  }

  private static List<Scenario> every() {
    Declaration joined = Declaration.joined();
    return List.of(
        new Scenario("join", List.of(), joined, APPLY, APPLY),
        new Scenario("remove", List.of(joined), joined.withM2("state: absent"), APPLY, APPLY),
        new Scenario(
            "address",
            List.of(joined),
            joined.withAddress("http://203.0.113.21:8080"),
            APPLY,
            APPLY),
        new Scenario("rotate", List.of(joined), joined, ROTATE, ROTATE));
  }

  /** Makes the fleet what it is before the change, and forgets the requests that this took. */
  void prepare(Arena arena) {
    for (Declaration declaration : before) {
      arena.declare(declaration);
      Muster.Result result = arena.muster().call("apply", "--yes");
      assertThat(result.exit()).as(result.toString()).isZero();
    }
    arena.declare(declared);
    arena.faults().clear();
  }

  static String[] words(List<String> words) {
    return words.toArray(String[]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
