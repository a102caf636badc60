package dev.muster.trial;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.RefusedException;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import dev.muster.session.Loader;
import dev.muster.session.Pruning;
import dev.muster.session.RotationRun;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import dev.muster.topology.SecretLoader;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs one case from its first stage to its last. */
public final class CaseRun {
  private final Suite suite;
  private final CaseFile file;
  private final Redactor redactor;
  private final Ending ending;
  private final Coverage coverage;
  private final TrialTime time;
  private final Problems problems = new Problems();
  private final Laying laying;

  /**
   * @param redactor learns every sensitive value of the case
   */
  public CaseRun(Suite suite, CaseFile file, Redactor redactor, Ending ending, Coverage coverage) {
    this.suite = suite;
    this.file = file;
    this.redactor = redactor;
    this.ending = ending;
    this.coverage = coverage;
    this.time = new TrialTime(file.now());
    this.laying = new Laying(suite.plan(), time, problems);
  }

  /**
   * Runs it and compares.
   *
   * @throws MusterException when its files are wrong
   */
  public CaseResult run() {
    long began = System.nanoTime();
    TrialClusters clusters = new TrialClusters();
    lay(file.document().child("before").or(this::usual), clusters);
    List<CaseResult.Ran> ran = new ArrayList<>();
    for (Stage stage : file.stages()) {
      time.pass(stage.pause());
      lay(stage.node().child("meanwhile"), clusters);
      Seen seen = stage(stage, clusters);
      ran.add(new CaseResult.Ran(stage, seen, new Verdict(stage, seen, redactor).mismatches()));
    }
    return new CaseResult(file, ran, System.nanoTime() - began);
  }

  private Optional<YamlNode> usual() {
    return Files.isDirectory(file.beside("before"))
        ? Optional.of(
            new YamlNode.Scalar(
                Where.file(file.file().toString()),
                "before",
                true,
                JsonNodeFactory.instance.textNode("before")))
        : Optional.empty();
  }

  private Seen stage(Stage stage, TrialClusters clusters) {
    Loader.Loaded loaded;
    try {
      String topology =
          stage
              .text("topology")
              .or(() -> file.document().child("topology").map(node -> node.json().asText()))
              .orElse("topology.yaml");
      loaded =
          Loader.against(
              suite.plan(),
              suite.planText(),
              file.beside(topology),
              Loader.onlyFiles(),
              onlyFiles());
    } catch (MusterException e) {
      return refused(e.problems(), ending.invalid(), clusters);
    }
    Optional<RotationRun.Request> rotation = stage.rotation();
    if (rotation.isPresent()) {
      rotation.flatMap(RotationRun.Request::given).ifPresent(redactor::learn);
      loaded = RotationRun.inWaves(loaded);
    }
    loaded.topology().clusters().forEach(cluster -> clusters.add(cluster.name(), time));
    if (stage.prune()) {
      loaded = Pruning.pruned(loaded, Session.on(loaded, redactor, clusters));
      loaded.topology().clusters().forEach(cluster -> clusters.add(cluster.name(), time));
    }
    coverage.noted(loaded.notes());
    try (Session session = Session.on(loaded, redactor, clusters)) {
      return new StageRun(stage, session, clusters, laying, time, ending, coverage)
          .run(overlay -> lay(Optional.of(overlay), clusters));
    } catch (MusterException e) {
      return refused(e.problems(), ending.invalid(), clusters);
    } catch (RefusedException e) {
      return refused(e.problems(), ending.refused(), clusters);
    }
  }

  /** A file that is wrong, or a fleet that cannot be planned, or must not be changed, at all. */
  private Seen refused(List<Problem> found, int exit, TrialClusters clusters) {
    coverage.said(found);
    ObjectNode nothing = JsonNodeFactory.instance.objectNode();
    return new Seen(
        nothing,
        found.stream().map(Problem::message).toList(),
        List.of(),
        nothing,
        nothing,
        Map.of(),
        exit,
        new FinalObjects(
            suite.plan(), clusters, laying, Secrets.none(), FinalObjects.state(clusters)),
        Map.of());
  }

  private SecretLoader onlyFiles() {
    SecretLoader files = new SecretSources(SecretSources.Extent.ALL, redactor);
    return (source, folder, where, found) -> {
      if (source.has("file")) {
        return files.load(source, folder, where, found);
      }
      found.error(
          where,
          "a case starts no program and reads no variable",
          "put a made-up value beside the case and name it: {file: PATH}");
      return Optional.empty();
    };
  }

  /** Lays what is written in place, or in the files of folders, over the clusters. */
  private void lay(Optional<YamlNode> written, TrialClusters clusters) {
    if (written.isEmpty()) {
      return;
    }
    if (written.get() instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        for (YamlNode document : elements(entry.value())) {
          lay(entry.key().text(), document, clusters);
        }
      }
    } else {
      for (YamlNode folder : elements(written.get())) {
        layFolder(folder, clusters);
      }
    }
    problems.throwIfErrors();
  }

  private static List<YamlNode> elements(YamlNode node) {
    return node instanceof YamlNode.Sequence sequence ? sequence.elements() : List.of(node);
  }

  private void layFolder(YamlNode named, TrialClusters clusters) {
    Path folder = file.beside(named.json().asText());
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(each -> each.toString().endsWith(".yaml")).sorted().forEach(files::add);
    } catch (IOException e) {
      problems.error(
          named.where(),
          "there is no folder " + folder,
          "it has a file CLUSTER.yaml for each cluster; the path is relative to the case");
    }
    for (Path each : files) {
      String name = String.valueOf(each.getFileName()).replaceFirst("\\.yaml$", "");
      String text = Loader.read(each, "case");
      YamlReader.readAll(each.toString(), text, problems)
          .forEach(document -> lay(name, document, clusters));
    }
  }

  private void lay(String cluster, YamlNode document, TrialClusters clusters) {
    clusters.add(cluster, time);
    laying.lay(clusters.named(cluster).orElseThrow(), document);
  }
}
