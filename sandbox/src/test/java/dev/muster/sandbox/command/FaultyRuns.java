package dev.muster.sandbox.command;

import dev.muster.cli.Main;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultRules;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A sandbox of one member, and runs of muster that meet answers that go wrong. */
final class FaultyRuns implements AutoCloseable {
  static final String MEMBER = "m1";

  private final Path folder;
  private final Sandbox sandbox;

  /**
   * @param folder for the files of the runs
   */
  FaultyRuns(Path folder) {
    this(folder, "3.3");
  }

  FaultyRuns(Path folder, String version) {
    this(folder, Sandbox.Settings.of(1, version, Timing.fast()));
  }

  FaultyRuns(Path folder, Sandbox.Settings settings) {
    this.folder = folder;
    this.sandbox = Sandbox.start(settings);
  }

  record Ending(int code, String said) {}

  /** The member is joined, and nothing goes wrong. */
  void join() {
    Ending joined = apply("", List.of());
    if (joined.code() != 0) {
      throw new IllegalStateException(joined.said());
    }
  }

  /**
   * @param more lines of the member in the topology
   * @param rules what goes wrong
   */
  Ending apply(String more, List<String> rules) {
    return run(more, rules, told -> {}, "apply", "--yes");
  }

  /**
   * @param told hears of each time that a rule is followed, while the request is on its way
   */
  Ending run(String more, List<String> rules, Consumer<String> told, String... args) {
    try (FaultyWay way =
        FaultyWay.to(sandbox, FaultRules.parse(rules, Set.of("host", MEMBER)), told)) {
      Path kubeconfig = Files.writeString(folder.resolve("kubeconfig.yaml"), way.kubeconfig());
      Path topology = folder.resolve("topology.yaml");
      String text = sandbox.topology(kubeconfig.toString(), true);
      Files.writeString(
          topology,
          text.replace("- name: m1\n", "- name: m1\n" + more)
              .replace("  defaults:\n", "  defaults:\n    timeouts: {removal: 5s}\n"));
      StringWriter said = new StringWriter();
      PrintWriter out = new PrintWriter(said, true);
      String[] command =
          Stream.concat(Stream.of(args), Stream.of("-f", topology.toString()))
              .toArray(String[]::new);
      int code = Main.run(out, out, false, command);
      return new Ending(code, said.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Straight to the API server of a cluster. */
  ApiClient kubectl(String cluster) {
    return ApiClient.of(
        sandbox.server().baseUrl(cluster), sandbox.server().controllerToken(), Trust.jdk());
  }

  boolean agentIsThere() {
    return kubectl(MEMBER).find(Kind.DEPLOYMENT, "kubesphere-system", "cluster-agent").isPresent();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
