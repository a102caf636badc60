package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A fleet of m1 and m2 in which m2 is only reached by what is carried there: the kubeconfig at home
 * lacks m2, the one there has nothing else. Each change is planned at both ends and has to send
 * what it planned.
 */
final class CourierLife implements AutoCloseable {
  static final String KEY = "canary-seal-0123456789abcdef";
  static final String ACCESS = "access: {courier: {sealWith: {file: m2.key}, receipt: m2.receipt}}";

  final RealFleet fleet;
  final Muster muster;
  final Path bundle;
  private final List<String> prune = new ArrayList<>();

  CourierLife(RealFleet.Builder builder) {
    fleet = builder.start();
    muster = fleet.muster();
    bundle = muster.repository().resolve("m2.bundle");
    muster.write("m2.key", KEY + "\n");
    muster.write("kubeconfig.yaml", kubeconfig(RealFleet.HOST, "m1"));
    muster.write("kubeconfig-there.yaml", kubeconfig("m2"));
    muster.write("kubeconfig-elsewhere.yaml", kubeconfig("m1"));
  }

  private String kubeconfig(String... names) {
    List<TestCluster> clusters = Arrays.stream(names).map(fleet::cluster).toList();
    return Kubeconfig.render(clusters, fleet.servers().certificate(), TestCluster::auditedToken);
  }

  /** At home, as planned there; what m2 needs is left. */
  CourierLife home(String hostAndMembers, String... options) {
    fleet.declare(hostAndMembers);
    return home(List.of("plan"), List.of("apply", "--yes"), options);
  }

  CourierLife home(List<String> plan, List<String> apply, String... options) {
    prune.clear();
    prune.addAll(List.of(options));
    PlannedWrites planned = planned(plan, 8);
    Requests earlier = fleet.requests();
    assertThat(run(apply)).exitsWith(8).says("left for the courier: ");
    Requests sent = fleet.requests().after(earlier);
    assertThat(planned.differences(sent, true)).isEmpty();
    assertThat(sent.to("m2")).isEmpty();
    return this;
  }

  /** Packs, and keeps what was planned for the other end; nothing is planned without a receipt. */
  PlannedWrites pack(String member) {
    Requests earlier = fleet.requests();
    PlannedWrites planned =
        planned(List.of("plan", "--for", member, "--bundle", bundle.toString()), 0);
    Requests sent = fleet.requests().after(earlier);
    assertThat(sent.writes()).isEmpty();
    assertThat(sent.to("m2")).isEmpty();
    return planned;
  }

  /** The same for a member that has told nothing of itself yet. */
  CourierLife packFirst(String member) {
    assertThat(run(List.of("plan", "--for", member, "--bundle", bundle.toString())))
        .exitsWith(0)
        .says("what is to be changed there is seen there");
    return this;
  }

  /** The other end sends what was planned at home, and asks nobody but m2. */
  CourierLife asPlanned(PlannedWrites planned) {
    Requests earlier = fleet.requests();
    assertThat(muster.call(there())).exitsWith(0);
    assertSent(planned, earlier, true);
    return this;
  }

  /** The same with a run that is killed after so many writes, and once more. */
  CourierLife killed(PlannedWrites planned, int writes) {
    Requests earlier = fleet.requests();
    killedAfter(writes);
    assertThat(muster.call(there())).exitsWith(0);
    assertSent(planned, earlier, false);
    return this;
  }

  void killedAfter(int writes) {
    Requests earlier = fleet.requests();
    Muster.Running run = muster.start(there());
    RealFleet.until(
        writes + " writes",
        () -> run.ended() || fleet.requests().after(earlier).writes().size() >= writes);
    run.kill();
    assertThat(run.await()).exitsWith(137);
  }

  private void assertSent(PlannedWrites planned, Requests earlier, boolean whole) {
    Requests sent = fleet.requests().after(earlier);
    assertThat(planned.size()).as("planned writes").isPositive();
    assertThat(planned.differences(sent, whole)).as("%s", planned.lines()).isEmpty();
    assertThat(sent.to(RealFleet.HOST)).isEmpty();
    assertThat(sent.to("m1")).isEmpty();
  }

  /** The receipt at home: waits for the rest, after which nothing is left to do. */
  CourierLife settles() {
    Requests earlier = fleet.requests();
    assertThat(run(List.of("apply", "--yes", "--receipt", receipt().toString()))).exitsWith(0);
    assertThat(run(List.of("plan", "--detailed-exitcode"))).exitsWith(0);
    assertThat(muster.call("drift")).exitsWith(0);
    assertThat(fleet.requests().after(earlier).to("m2")).isEmpty();
    return this;
  }

  Path receipt() {
    return muster.repository().resolve("m2.bundle.receipt");
  }

  /** The command at the other end. */
  String[] there(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "apply",
                "--yes",
                bundle.toString(),
                "--seal-with",
                "file:" + muster.repository().resolve("m2.key"),
                "--kubeconfig",
                muster.repository().resolve("kubeconfig-there.yaml").toString(),
                "--context",
                "m2"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  Muster.Result run(List<String> command) {
    List<String> words = new ArrayList<>(command);
    words.addAll(prune);
    return muster.call(words.toArray(String[]::new));
  }

  private PlannedWrites planned(List<String> command, int exit) {
    Muster.Result patches = run(joined(command, "-o", "patch"));
    Muster.Result changes = run(joined(command, "-o", "json"));
    assertThat(patches).exitsWith(exit);
    assertThat(changes).exitsWith(exit);
    return PlannedWrites.of(atServer(patches.out()), mine(changes.out()));
  }

  /** A renamed member lives in the same server as before. */
  private static String atServer(String patches) {
    JsonNode all = RealFleet.json(patches);
    for (JsonNode each : all) {
      String cluster = each.path("cluster").asText();
      ((ObjectNode) each).put("cluster", cluster.equals("idc") ? "m2" : cluster);
    }
    return all.toString();
  }

  /** Without the steps that are told and left to somebody else. */
  private static String mine(String changes) {
    ObjectNode all = (ObjectNode) RealFleet.json(changes);
    var steps = all.arrayNode();
    all.path("steps")
        .forEach(
            step -> {
              if (!step.path("decision").asText().equals("deferred")) {
                steps.add(step);
              }
            });
    all.set("steps", steps);
    return all.toString();
  }

  private static List<String> joined(List<String> command, String... more) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(more));
    return words;
  }

  @Override
  public void close() {
    fleet.close();
  }
}
