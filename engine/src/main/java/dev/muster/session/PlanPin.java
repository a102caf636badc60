package dev.muster.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.digest.Sha256;
import dev.muster.plan.Allows;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.topology.PlanSource;
import dev.muster.topology.TopologyReader;
import dev.muster.yaml.YamlDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The plan that a topology names, as it is there now.
 *
 * @param file the topology
 * @param text of the topology
 * @param pinnable whether it is named with more than a word
 * @param pinned whether the topology names it with this very digest
 */
public record PlanPin(
    Path file,
    String text,
    String title,
    String source,
    String digest,
    boolean pinnable,
    boolean pinned,
    Optional<Allows> allows) {

  /**
   * Looks at what is there, without holding it to what the topology says of it.
   *
   * @throws MusterException when it cannot be had, or is not sound
   */
  public static PlanPin of(Path file) {
    String text = Loader.read(file, "topology");
    Problems problems = new Problems();
    Path folder = file.toAbsolutePath().normalize().resolveSibling("");
    Optional<PlanSource> named =
        TopologyReader.open(Loader.label(file), text, folder, problems)
            .flatMap(reader -> reader.planSource(problems));
    if (problems.hasErrors()) {
      throw new MusterException(problems.all());
    }
    PlanSource source = named.orElseGet(() -> new PlanSource.Named(Data.defaultPlan()));
    String plan;
    String digest;
    if (PlanFiles.foreign(source)) {
      PlanFiles.Found found = new PlanFiles().now(source);
      plan = found.text();
      digest = found.origin().digest();
    } else {
      plan =
          source instanceof PlanSource.Named
              ? FoundPlan.of(source.shown(), folder.resolve(source.shown())).text()
              : Loader.read(folder.resolve(source.shown()), "plan");
      digest = Sha256.of(plan);
    }
    return of(file, text, source, plan, digest);
  }

  private static PlanPin of(Path file, String text, PlanSource source, String plan, String digest) {
    Plan read = Loader.plan(source.shown(), plan);
    return new PlanPin(
        file,
        text,
        read.title(),
        source.shown(),
        digest,
        !(source instanceof PlanSource.Named),
        source.digest().filter(digest::equals).isPresent(),
        read.allows());
  }

  /**
   * Puts the digest into the topology, every other byte of which stays.
   *
   * @return whether there was anything to write
   */
  public boolean write() {
    if (!pinnable) {
      throw MusterException.of(
          "the topology names its plan by a word or a path, which has no digest",
          "write plan: {path: ...}, {git: ...} or {oci: ...} to pin it");
    }
    if (pinned) {
      return false;
    }
    WholeFile.replace(
        file,
        YamlDocument.parse(text)
            .set(List.of("spec", "plan", "digest"), JsonNodeFactory.instance.textNode(digest))
            .text());
    return true;
  }
}
