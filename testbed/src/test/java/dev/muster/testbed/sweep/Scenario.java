package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testbed.Muster;
import java.util.List;

/**
 * A change of a fleet.
 *
 * @param ground what the clusters are like before
 * @param before what is declared and applied before it; nothing is done for the first change
 * @param declared what it declares
 * @param command what makes it
 * @param again what goes on after a run that was cut off
 */
record Scenario(
    String name,
    Ground ground,
    List<Declaration> before,
    Declaration declared,
    List<String> command,
    List<String> again) {
  private static final List<String> APPLY = List.of("apply", "--yes");
  private static final List<String> ROTATE = List.of("rotate", "jwt", "--yes");

  static List<Scenario> all() {
    String one = System.getProperty("muster.sweep.change", "");
    return every().stream()
        .filter(change -> one.isEmpty() || change.name.equals(one))
        .filter(change -> Sample.has(change.ground))
        .toList();
  }

  private static List<Scenario> every() {
    Declaration joined = Declaration.joined();
    Declaration moved = joined.withAddress("http://203.0.113.21:8080");
    Declaration direct = joined.direct();
    Ground installed = Ground.INSTALLED;
    return List.of(
        new Scenario("join", installed, List.of(), joined, APPLY, APPLY),
        new Scenario(
            "remove", installed, List.of(joined), joined.withM2("state: absent"), APPLY, APPLY),
        new Scenario("address", installed, List.of(joined), moved, APPLY, APPLY),
        new Scenario("rotate", installed, List.of(joined), joined, ROTATE, ROTATE),
        new Scenario("restart", Ground.OLD, List.of(joined), moved, APPLY, APPLY),
        new Scenario("install", Ground.BARE, List.of(), joined.installed(), APPLY, APPLY),
        new Scenario("core", Ground.CORE, List.of(), direct, APPLY, APPLY),
        new Scenario(
            "leave", Ground.CORE, List.of(direct), direct.withM2("state: absent"), APPLY, APPLY));
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

  /**
   * Brings all to where nothing changes any more: what was not there yet when a step was planned is
   * taken charge of by the next run, so a run that was cut off and one that was not differ in it.
   */
  void rest(Arena arena) {
    if (ground == Ground.BARE) {
      Muster.Result result = arena.muster().call(words(again));
      assertThat(result.exit()).as(result.toString()).isZero();
    }
  }

  static String[] words(List<String> words) {
    return words.toArray(String[]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
