package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A fleet that lives through change after change, each of which has to be done as planned. See the
 * README beside for an example; one fleet serves all changes of a scenario, since it costs most.
 */
final class Lifecycle implements AutoCloseable {
  private final RealFleet fleet;

  private Lifecycle(RealFleet fleet) {
    this.fleet = fleet;
  }

  /** Starts the fleet; {@link #close} ends it. */
  static Lifecycle of(RealFleet.Builder fleet) {
    return new Lifecycle(fleet.start());
  }

  RealFleet fleet() {
    return fleet;
  }

  /**
   * Declares the state in which the changes begin, and applies it.
   *
   * @param hostAndMembers as of {@link RealFleet#declare}
   */
  Lifecycle prepared(String hostAndMembers) {
    fleet.declare(hostAndMembers);
    assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
    return this;
  }

  /** The next change: another declaration. */
  Change change(String hostAndMembers) {
    return new Change(() -> fleet.declare(hostAndMembers));
  }

  /** The next change without another declaration: of the clusters, or none at all. */
  Change change(Runnable before) {
    return new Change(before);
  }

  @Override
  public void close() {
    fleet.close();
  }

  /** A change about to be made in one of three ways. */
  final class Change {
    private final Runnable before;
    private List<String> plan = List.of("plan");
    private List<String> apply = List.of("apply", "--yes");
    private Consumer<List<String>> expected = planned -> {};
    private final Map<String, String> servers = new HashMap<>();

    private Change(Runnable before) {
      this.before = before;
    }

    /** Options for plan and apply, for example {@code --prune}. */
    Change with(String... options) {
      plan = joined(plan, options);
      apply = joined(apply, options);
      return this;
    }

    /** Other commands than plan and apply, for example {@code rotate}. */
    Change by(List<String> planCommand, List<String> applyCommand) {
      plan = planCommand;
      apply = applyCommand;
      return this;
    }

    /** The topology's name for a cluster is not that of its server. */
    Change calling(String server, String name) {
      servers.put(name, server);
      return this;
    }

    /** A claim about the lines of {@link PlannedChanges}. */
    Change planning(Consumer<List<String>> claim) {
      expected = claim;
      return this;
    }

    /** Plan says what apply then sends; afterwards nothing is left to do. */
    Change asPlanned() {
      before.run();
      PlannedWrites planned = plans(0);
      Requests earlier = fleet.requests();
      assertThat(run(apply)).exitsWith(0);
      assertSent(planned, earlier, true);
      assertConverged();
      return this;
    }

    /**
     * The run is killed after one of its writes, and run once more: it converges, closes the record
     * and has sent nothing that was not planned, and nothing twice.
     *
     * @param seed chooses the write
     */
    Change killedInTheMiddle(long seed) {
      before.run();
      PlannedWrites planned = plans(0);
      assertThat(planned.size()).as("planned writes").isPositive();
      int after = 1 + new Random(seed).nextInt(Math.max(1, planned.size() - 1));
      Requests earlier = fleet.requests();
      Muster.Running killed = fleet.muster().start(apply.toArray(String[]::new));
      RealFleet.until(
          "write " + after + " of " + planned.lines(),
          () -> killed.ended() || writes(earlier) >= after);
      killed.kill();
      // 137 is what is left of a process that was killed; another code, and it was too late.
      assertThat(killed.await()).exitsWith(137);
      assertThat(openRecords()).as("records that are open").hasSize(1);

      assertThat(run(apply)).exitsWith(0).says("its record is closed now");
      assertSent(planned, earlier, false);
      assertThat(openRecords()).as("records that are open").isEmpty();
      assertConverged();
      return this;
    }

    /**
     * While a member is away the others are done and exit code 8 tells of it; the next run after it
     * is back does the rest. Either run sends what it had planned.
     *
     * @param member its server, whatever the topology calls it
     */
    Change withUnreachable(String member) {
      before.run();
      fleet.cluster(member).stop();
      PlannedWrites planned = plans(8);
      Requests earlier = fleet.requests();
      assertThat(run(apply)).exitsWith(8).says(name(member));
      assertSent(planned, earlier, true);
      assertThat(PlannedChanges.in(fleet.muster().call("plan", "-o", "json")))
          .as("left to do while " + member + " is away")
          .isEmpty();

      fleet.cluster(member).start();
      PlannedWrites rest = plans(0);
      Requests before = fleet.requests();
      assertThat(run(apply)).exitsWith(0);
      assertSent(rest, before, true);
      assertConverged();
      return this;
    }

    private String name(String server) {
      return servers.entrySet().stream()
          .filter(entry -> entry.getValue().equals(server))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(server);
    }

    private PlannedWrites plans(int exit) {
      Muster.Result patches = run(joined(plan, "-o", "patch"));
      Muster.Result changes = run(joined(plan, "-o", "json"));
      assertThat(patches).exitsWith(exit);
      assertThat(changes).exitsWith(exit);
      expected.accept(PlannedChanges.in(changes));
      return PlannedWrites.of(atServers(patches.out()), changes.out());
    }

    private String atServers(String patches) {
      JsonNode all = RealFleet.json(patches);
      for (JsonNode each : all) {
        String cluster = each.path("cluster").asText();
        ((ObjectNode) each).put("cluster", servers.getOrDefault(cluster, cluster));
      }
      return all.toString();
    }

    private void assertSent(PlannedWrites planned, Requests earlier, boolean whole) {
      assertThat(planned.differences(fleet.requests().after(earlier), whole))
          .as("differences between what was sent and what was planned: %s", planned.lines())
          .isEmpty();
    }
  }

  private void assertConverged() {
    assertThat(fleet.muster().call("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(fleet.muster().call("drift")).exitsWith(0);
  }

  private long writes(Requests earlier) {
    return fleet.requests().after(earlier).lines(PlannedWrites.counted()).size();
  }

  private List<String> openRecords() {
    return fleet
        .muster()
        .git("for-each-ref", "--format=%(refname)", "refs/muster")
        .lines()
        .toList();
  }

  private Muster.Result run(List<String> command) {
    return fleet.muster().call(command.toArray(String[]::new));
  }

  private static List<String> joined(List<String> command, String... options) {
    return new ArrayList<>(Stream.concat(command.stream(), Arrays.stream(options)).toList());
  }
}
