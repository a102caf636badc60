package dev.muster.testbed.reconcile;

import dev.muster.cli.Main;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Upstream;
import dev.muster.testbed.ScratchFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * muster in a folder of its own. It sees its clusters through a proxy that spoils what it is told
 * to: only muster is disturbed, what controllers and people do is not its matter.
 */
final class Workplace implements AutoCloseable {
  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  private static final String[] APPLY = {"apply", "--yes", "--prune"};
  private static final Pattern MAX_REMOVE = Pattern.compile("--max-remove (\\d+)");

  private final Ground ground;
  private final String topology;
  private final List<String> clusters;
  private final FaultProxy proxy;
  private final Path folder;
  private final StringBuilder log = new StringBuilder();

  /** What a run has come to. */
  record Result(int code, String said) {}

  /**
   * @param disturbed whether a fault has met the run
   * @param sure whether what it did is sure: it ended well, and nobody lied to it
   */
  record Run(Result result, boolean disturbed, boolean sure) {}

  /**
   * @param topology the name of the topology
   * @param clusters all that muster may have to do with
   */
  Workplace(Ground ground, String topology, List<String> clusters) {
    this.ground = ground;
    this.topology = topology;
    this.clusters = clusters;
    Map<String, Upstream> behind = new HashMap<>();
    for (String cluster : clusters) {
      behind.put(cluster, ground.upstream(cluster));
    }
    proxy = FaultProxy.before(behind);
    try {
      folder = Files.createTempDirectory("muster-" + topology);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write("kubeconfig.yaml", ground.kubeconfig(clusters, proxy));
  }

  Path folder() {
    return folder;
  }

  void write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another writer, behind the proxy's back. */
  ApiClient kubectl(String cluster) {
    return ground.kubectl(cluster);
  }

  /** An apply, and the faults that its event names. */
  Run apply(TopologyFile file, String event) {
    Trouble trouble = Trouble.of(event);
    proxy.faults().clear();
    proxy.faults().add(trouble.rule());
    Result result = removing(file, muster(file, APPLY));
    boolean disturbed = !proxy.faults().met().isEmpty();
    proxy.faults().clear();
    if (disturbed) {
      expireLock();
    }
    return new Run(result, disturbed, result.code() == 0 && !(disturbed && trouble.lies()));
  }

  /**
   * Whoever takes out several at once has to say so; nobody has to for one that goes by two names.
   */
  private Result removing(TopologyFile file, Result result) {
    Matcher asked = MAX_REMOVE.matcher(result.said());
    long gone =
        clusters.stream()
            .filter(c -> !c.equals("host"))
            .filter(c -> file.member(c).map(TopologyFile.Entry::absent).orElse(true))
            .count();
    if (result.code() != 5 || !asked.find() || Integer.parseInt(asked.group(1)) > gone) {
      return result;
    }
    return muster(
        file,
        Stream.concat(Stream.of(APPLY), Stream.of("--max-remove", asked.group(1)))
            .toArray(String[]::new));
  }

  /** A process that was killed is gone, and its lock with it; this one lives on. */
  private void expireLock() {
    String name = "muster-" + topology;
    if (kubectl("host").find(LEASE, "kube-system", name).isPresent()) {
      kubectl("host")
          .mergePatch(LEASE, "kube-system", name, Manifest.yaml("{spec: {holderIdentity: ''}}"));
    }
  }

  Result muster(TopologyFile file, String... args) {
    write("topology.yaml", file.text());
    List<String> words = new ArrayList<>(List.of(args));
    words.addAll(List.of("-f", folder.resolve("topology.yaml").toString()));
    StringWriter out = new StringWriter();
    long start = System.nanoTime();
    int code =
        Main.run(new PrintWriter(out), new PrintWriter(out), false, words.toArray(String[]::new));
    note("  muster " + String.join(" ", args) + ": " + code);
    note("  in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    log.append(out.toString().indent(4));
    return new Result(code, out.toString());
  }

  void note(String line) {
    log.append(line).append('\n');
  }

  /** Everything that happened so far. */
  String log() {
    return log.toString();
  }

  /** Stops the proxy and deletes the folder; the servers go on. */
  @Override
  public void close() {
    proxy.close();
    ScratchFolder.delete(folder);
  }
}
