package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultRules;
import dev.muster.sandbox.fault.Rule;
import dev.muster.sandbox.server.AuditEntry;
import dev.muster.session.WholeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "sandbox",
    description = {
      "Serves simulated clusters with simulated KubeSphere controllers until Ctrl-C.",
      "kubectl and muster work against them. A simulation: nothing real runs in them."
    },
    footerHeading =
        "%nRULE is a fault, then, in any order, which requests meet it (default: all):%n",
    footer = {
      "  400 to 599       the answer is this error; 429:5 adds Retry-After: 5",
      "  lost             the server never hears of the request",
      "  answer-lost      it does what was asked, and nobody hears of it",
      "  slow:2s          everything comes 2 s late (ms, s or m)",
      "  truncated reset  the answer ends in the middle: its connection is closed, or",
      "                   reset",
      "  stale            a read is answered as it was before the last change",
      "  hide:1 close:0   a watch does not tell its 1st event, or ends after so many",
      "  patch,create     verbs: get list watch create update patch delete, or read,",
      "                   write",
      "  /configmaps      a part of the path; * stands for anything but /",
      "  @m1              the cluster",
      "  2  2..  2..4     only the 2nd of these requests, from it on, up to the 4th",
      "  for:30s          only so long after the first of them",
      "",
      "A join that meets an API server which restarts, and a lost answer:",
      "  muster sandbox --fault '503 @host /clusters for:20s'",
      "  muster sandbox --fault 'answer-lost create /deployments @m1 1'"
    })
final class SandboxCommand implements Callable<Integer> {
  private static final List<String> VERSIONS = List.of("3.0", "3.1", "3.2", "3.3", "3.4", "4.1");
  private static final String MARK = "# A simulation:";
  private static final Duration CERTIFICATES_LAST = Duration.ofDays(365);

  @Spec private CommandSpec spec;

  /** Not the standard options, since --version is KubeSphere's here. */
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Option(
      names = "--members",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many members besides the host (default: ${DEFAULT-VALUE}).")
  private int members;

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      defaultValue = "3.3",
      description = "KubeSphere's version, 3.0 to 3.4 or 4.1 (default: ${DEFAULT-VALUE}).")
  private String version;

  @Option(
      names = "--connection",
      paramLabel = "HOW",
      description = {
        "How the topology joins the members: proxy (over Tower's agents) or direct (the host",
        "uses kubeconfigs, which are written as well). Default: proxy, with 4.1 direct."
      })
  private Optional<String> connection;

  @Option(
      names = "--load-balancer",
      paramLabel = "ADDRESS",
      defaultValue = "203.0.113.10",
      description = {
        "The address that Service tower gets, pending for none, or openelb: the topology",
        "then has OpenELB give it one (default: ${DEFAULT-VALUE})."
      })
  private String loadBalancer;

  @Option(
      names = "--latency",
      paramLabel = "MS",
      defaultValue = "0",
      description = "Milliseconds added to each answer (default: ${DEFAULT-VALUE}).")
  private int latency;

  @Option(
      names = "--installer-seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "How long a run of ks-installer takes (default: ${DEFAULT-VALUE}).")
  private double installerSeconds;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Where to write the kubeconfig (default: a new temporary folder).")
  private Optional<Path> kubeconfig;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Where to write a topology of these clusters (default: beside the kubeconfig).")
  private Optional<Path> topology;

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description = "Write one JSON line for each request from a client.")
  private Optional<Path> audit;

  @Option(
      names = "--fault",
      paramLabel = "RULE",
      description =
          "Let something go wrong between muster or kubectl and the clusters, such as"
              + " '503 patch /configmaps 2..' (see below). As often as wanted; the first that fits"
              + " counts. The sandbox tells of each time.")
  private List<String> faults = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    List<Rule> rules = FaultRules.parse(faults, clusters());
    PrintWriter out = spec.commandLine().getOut();
    Path kubeconfigFile =
        kubeconfig.isPresent()
            ? kubeconfig.get().toAbsolutePath()
            : Files.createTempDirectory("muster-sandbox").resolve("kubeconfig.yaml");
    Path topologyFile =
        topology
            .map(Path::toAbsolutePath)
            .orElseGet(() -> kubeconfigFile.resolveSibling("topology.yaml"));
    refuseForeign(kubeconfigFile);
    refuseForeign(topologyFile);
    try (PrintWriter auditFile = auditFile();
        Sandbox sandbox =
            Sandbox.start(
                Sandbox.Settings.of(
                        members,
                        version,
                        Timing.scaledTo(Duration.ofMillis((long) (installerSeconds * 1000))))
                    .withLoadBalancer(balancer())
                    .withEach(openElb() ? ClusterSetup::withOpenElb : UnaryOperator.identity())
                    .withLatency(Duration.ofMillis(latency))
                    .withAudit(recorder(auditFile)));
        FaultyWay way = FaultyWay.to(sandbox, rules, line -> tell(out, line))) {
      write(kubeconfigFile, MARK + " made by muster sandbox.\n" + way.kubeconfig());
      writeTopology(sandbox, kubeconfigFile, topologyFile);
      CountDownLatch ended = new CountDownLatch(1);
      CountDownLatch closed = new CountDownLatch(1);
      Thread hook = new Thread(() -> await(ended, closed), "muster-sandbox-end");
      Runtime.getRuntime().addShutdownHook(hook);
      out.println(
          "sandbox ready: a simulation of KubeSphere "
              + version
              + ", host and "
              + members
              + (members == 1 ? " member" : " members")
              + ", KUBECONFIG="
              + kubeconfigFile
              + " topology="
              + topologyFile);
      out.println(
          "  try: kubectl --kubeconfig "
              + kubeconfigFile
              + " --context host get "
              + (core() ? "clusters" : "cc -A"));
      out.println("       muster plan -f " + topologyFile);
      out.println("  Ctrl-C ends it");
      out.flush();
      ended.await();
      sandbox.close();
      closed.countDown();
    }
    return 0;
  }

  private static void tell(PrintWriter out, String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private Set<String> clusters() {
    return Stream.concat(
            Stream.of("host"), IntStream.rangeClosed(1, members).mapToObj(number -> "m" + number))
        .collect(Collectors.toSet());
  }

  private void writeTopology(Sandbox sandbox, Path kubeconfigFile, Path topologyFile) {
    String kubeconfig = kubeconfigFile.toString();
    if (direct()) {
      Path folder = topologyFile.resolveSibling(topologyFile.getFileName() + "-for-host");
      Instant notAfter = Instant.now().plus(CERTIFICATES_LAST);
      for (String member : sandbox.members()) {
        write(
            folder.resolve(member + ".yaml"),
            MARK
                + " how the host reaches "
                + member
                + ".\n"
                + sandbox.kubeconfigForHost(member, notAfter));
      }
      String relative = String.valueOf(folder.getFileName());
      write(topologyFile, sandbox.topology(SandboxTopology.direct(kubeconfig, relative)));
    } else if (openElb()) {
      String proxy = "{openelb: {address: 192.168.0.100, interface: eth0}}";
      write(topologyFile, sandbox.topology(SandboxTopology.agents(kubeconfig, proxy)));
    } else {
      write(topologyFile, sandbox.topology(kubeconfig, loadBalancer.equals("pending")));
    }
  }

  private LoadBalancer balancer() {
    return loadBalancer.equals("pending") || openElb()
        ? LoadBalancer.pending()
        : LoadBalancer.ip(loadBalancer);
  }

  private boolean openElb() {
    return loadBalancer.equals("openelb");
  }

  private boolean core() {
    return version.startsWith("4.");
  }

  private boolean direct() {
    return connection.map("direct"::equals).orElse(core());
  }

  private static void await(CountDownLatch ended, CountDownLatch closed) {
    ended.countDown();
    try {
      if (!closed.await(900, TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(143);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check() {
    if (!VERSIONS.contains(version)) {
      throw MusterException.of(
          "the sandbox does not simulate KubeSphere " + version,
          "use one of: " + String.join(", ", VERSIONS));
    }
    if (connection.filter(how -> !how.equals("proxy") && !how.equals("direct")).isPresent()) {
      throw MusterException.of("--connection takes proxy or direct");
    }
    if (core() && !direct()) {
      throw MusterException.of(
          "KubeSphere 4.1 has no agents of its own: they are part of the closed Tower extension",
          "leave --connection out, or say --connection direct");
    }
    if (members < 0 || members > 1001) {
      throw MusterException.of(
          "--members takes 0 to 1001", "Tower has no more ports for proxy members on one host");
    }
  }

  /** Nothing of the user's is overwritten. */
  private static void refuseForeign(Path file) throws IOException {
    if (Files.exists(file) && !Files.readString(file, StandardCharsets.UTF_8).startsWith(MARK)) {
      throw MusterException.of(
          file + " exists and was not made by muster sandbox", "name another file");
    }
  }

  private static void write(Path file, String text) {
    Path folder = file.getParent();
    if (folder != null) {
      WholeFile.openFolder(folder);
    }
    // A kubeconfig has tokens in it, if only those of a simulation.
    WholeFile.secret(file, text);
  }

  private PrintWriter auditFile() throws IOException {
    return audit.isPresent()
        ? new PrintWriter(Files.newBufferedWriter(audit.get()), true)
        : new PrintWriter(java.io.Writer.nullWriter());
  }

  private static Consumer<AuditEntry> recorder(PrintWriter file) {
    return entry -> {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("time", entry.time().toString()).put("cluster", entry.cluster());
      line.put("verb", entry.verb()).put("path", entry.path());
      line.put("status", entry.status()).put("agent", entry.userAgent());
      if (entry.dryRun()) {
        line.put("dryRun", true);
      }
      synchronized (file) {
        file.println(line);
      }
    };
  }
}
