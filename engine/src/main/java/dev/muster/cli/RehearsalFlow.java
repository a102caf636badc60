package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Clusters;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.kube.Access;
import dev.muster.kube.KubeClusters;
import dev.muster.kube.Timeouts;
import dev.muster.live.Cluster;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.problem.MusterException;
import dev.muster.rehearsal.Performance;
import dev.muster.rehearsal.Rehearsed;
import dev.muster.report.Clean;
import dev.muster.report.PlanPatches;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import dev.muster.yaml.YamlWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/** Plays a run on simulated clusters that are made of recorded ones. */
final class RehearsalFlow {
  /** A simulated program is at its end within seconds, or never. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final String LABEL =
      "SIMULATION: played on clusters made of what was recorded; nothing real is asked or changed";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where the outcome goes besides the screen. */
  record Outputs(boolean json, Optional<Path> rehearsal, Optional<Path> objects) {}

  /** An object as the run left it. */
  private record Final(String cluster, ObjectRef ref, Optional<JsonNode> object) {}

  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ApplyOptions options;
  private final Outputs outputs;

  RehearsalFlow(
      MusterCommand top, PrintWriter out, PrintWriter err, ApplyOptions options, Outputs outputs) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options =
        new ApplyOptions(
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.empty(),
            options.parallel(),
            options.stopAfter(),
            false,
            options.maxRemove(),
            false,
            options.events(),
            Optional.empty(),
            CourierFlow.Options.none());
    this.outputs = outputs;
  }

  ExitCode run(Path file, SelectionOptions selectors) {
    RehearsalStage.Provider provider =
        ServiceLoader.load(RehearsalStage.Provider.class)
            .findFirst()
            .orElseThrow(
                () ->
                    MusterException.of(
                        "a rehearsal needs the sandbox module, which this installation lacks",
                        "use a build that has it; `muster apply --dry-run=client` works without"));
    FleetSnapshot recorded = FleetSnapshot.read(file);
    Loader.Loaded loaded = capped(recorded.load(file.toAbsolutePath()));
    try (RehearsalStage stage = provider.start(recorded.fleet())) {
      Path kubeconfig = Files.createTempFile("muster-rehearsal", ".yaml");
      try (Session session =
          Session.open(loaded, top.redactor()).through(real -> new StageClusters(kubeconfig))) {
        Files.writeString(kubeconfig, stage.kubeconfig());
        return play(session, recorded, stage, selectors);
      } finally {
        Files.deleteIfExists(kubeconfig);
      }
    } catch (IOException e) {
      throw MusterException.of("the rehearsal cannot be prepared: " + e.getMessage());
    }
  }

  private ExitCode play(
      Session session, FleetSnapshot recorded, RehearsalStage stage, SelectionOptions selectors) {
    ChangeSet start = session.plan(selectors.selection(session.topology(), session.planFile()));
    List<String> differences = differences(recorded.planned(), start);
    List<String> assumptions = new ArrayList<>(stage.assumptions());
    session.topology().members().stream()
        .filter(member -> !member.secrets().isEmpty())
        .forEach(
            member ->
                assumptions.add(
                    member.name()
                        + " cannot be played, as what its "
                        + String.join(", ", member.secrets().keySet())
                        + " leads to is outside of the simulation; leave it out: --exclude "
                        + member.name()));
    boolean quiet = outputs.json();
    if (!quiet) {
      out.println(LABEL);
      out.println("recorded " + recorded.recorded());
      assumptions.forEach(text -> out.print(top.clean("assumed: " + text)));
      differences.forEach(
          text -> out.print(top.clean("the simulation does not begin as recorded: " + text)));
      out.println();
    }
    Performance performance = new Performance();
    PrintWriter shown = quiet ? new PrintWriter(Writer.nullWriter()) : out;
    ExitCode code =
        new ApplyFlow(top, shown, err, options, expectation -> expectation.and(performance))
            .run(session, selectors);
    ChangeSet performed = start.withSteps(performance.steps());
    List<Final> objects = finals(session, performed);
    outputs
        .rehearsal()
        .ifPresent(to -> FleetSnapshot.saveRehearsal(to, recorded, performed.steps()));
    outputs.objects().ifPresent(folder -> write(folder, objects, session.clean()));
    String patches =
        new PlanPatches(Fingerprint.withNewKey(new SecureRandom()), session.clean())
            .render(performed);
    if (quiet) {
      out.println(
          json(recorded, assumptions, differences, code, patches, objects, session.clean()));
    } else {
      tell(patches, objects, session.clean());
    }
    out.flush();
    return code;
  }

  /** What makes the play begin otherwise than the real run would have. */
  private static List<String> differences(Rehearsed planned, ChangeSet start) {
    List<String> differences = new ArrayList<>();
    for (StepPlan step : start.steps()) {
      planned
          .deviation(step)
          .ifPresent(text -> differences.add("step " + step.step().id() + ": " + text));
    }
    planned
        .missingFrom(Rehearsed.of(start.steps()))
        .forEach(text -> differences.add(text + " was to be written, and is not"));
    return differences.stream()
        .map(text -> text.replace("differs from the rehearsal: ", ""))
        .toList();
  }

  private static List<Final> finals(Session session, ChangeSet performed) {
    Map<String, Final> finals = new LinkedHashMap<>();
    for (StepPlan step : performed.steps()) {
      ClusterDeclaration cluster = step.step().cluster();
      for (Change change : step.effective()) {
        finals.computeIfAbsent(
            cluster.name() + change.ref().path(),
            key -> {
              Reading reading = session.clusters().open(cluster).read(change.ref());
              return new Final(
                  cluster.name(),
                  change.ref(),
                  reading.found().map(LiveObject::tree).map(RehearsalFlow::slim));
            });
      }
    }
    return List.copyOf(finals.values());
  }

  private static JsonNode slim(JsonNode tree) {
    ObjectNode copy = tree.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return copy;
  }

  private void tell(String patches, List<Final> objects, Clean clean) {
    out.println();
    out.println("patches, in the order in which their steps began:");
    out.print(patches);
    for (Final object : objects) {
      out.println();
      out.print(text(object, clean));
    }
    outputs
        .rehearsal()
        .ifPresent(
            file ->
                out.println(
                    "\nsaved to "
                        + file
                        + "; hold the run to it: muster apply --rehearsed "
                        + file));
    outputs.objects().ifPresent(folder -> out.println("\nfinal objects written to " + folder));
    out.println(LABEL);
  }

  private static String text(Final object, Clean clean) {
    String heading = "# final (simulated), " + object.cluster() + ": " + object.ref() + "\n";
    return heading
        + object
            .object()
            .map(tree -> clean.lines(YamlWriter.write(tree)))
            .orElse("# it does not exist\n");
  }

  private static void write(Path folder, List<Final> objects, Clean clean) {
    for (Final object : objects) {
      ObjectRef ref = object.ref();
      String name =
          (ref.kind() + "." + ref.namespace() + "." + ref.name())
              .replace("..", ".")
              .toLowerCase(Locale.ROOT);
      Path file = folder.resolve(object.cluster()).resolve(name + ".yaml");
      try {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text(object, clean));
      } catch (IOException e) {
        throw MusterException.of("cannot write " + file + ": " + e.getMessage());
      }
    }
  }

  private static String json(
      FleetSnapshot recorded,
      List<String> assumptions,
      List<String> differences,
      ExitCode code,
      String patches,
      List<Final> objects,
      Clean clean) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "RehearsalReport");
    root.put("simulation", true).put("recorded", recorded.recorded());
    root.put("exitCode", code.code());
    ArrayNode assumed = root.putArray("assumptions");
    assumptions.forEach(text -> assumed.add(clean.line(text)));
    ArrayNode begins = root.putArray("differences");
    differences.forEach(text -> begins.add(clean.line(text)));
    try {
      root.set("patches", JSON.readTree(patches));
      ArrayNode all = root.putArray("objects");
      for (Final object : objects) {
        ObjectNode one = all.addObject().put("cluster", object.cluster());
        one.put("ref", object.ref().toString());
        if (object.object().isPresent()) {
          one.set("object", JSON.readTree(clean.lines(object.object().get().toPrettyString())));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("a masked value has broken the JSON", e);
    }
    return root.toPrettyString();
  }

  /** Real time limits are for programs that take their time. */
  private static Loader.Loaded capped(Loader.Loaded loaded) {
    Topology topology = loaded.topology();
    Map<String, Duration> limits = new LinkedHashMap<>(topology.timeouts());
    loaded.plan().gates().values().forEach(gate -> limits.put(gate.timeoutKey(), LONGEST));
    return new Loader.Loaded(
        loaded.file(),
        loaded.topologyText(),
        topology.withTimeouts(limits),
        loaded.planText(),
        loaded.plan(),
        loaded.notes());
  }

  /** The stage's clusters over its kubeconfig. */
  private static final class StageClusters implements Clusters {
    private final KubeClusters clusters =
        new KubeClusters(Version.text(), Timeouts.standard(), KubeClusters.Writes.REAL);
    private final Map<String, Cluster> opened = new ConcurrentHashMap<>();
    private final Path kubeconfig;

    StageClusters(Path kubeconfig) {
      this.kubeconfig = kubeconfig;
    }

    @Override
    public Cluster open(ClusterDeclaration declaration) {
      return opened.computeIfAbsent(
          declaration.name(),
          name -> clusters.cluster(name, new Access(List.of(kubeconfig), name)));
    }

    /** Nothing outside is asked, wherever a kubeconfig leads. */
    @Override
    public Cluster behind(String name, String text) {
      return clusters.cluster(
          name, new Access(List.of(kubeconfig), "(outside of this simulation)"));
    }

    @Override
    public void close() {
      clusters.close();
    }
  }
}
