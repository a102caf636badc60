package dev.muster.session;

import dev.muster.digest.Sha256;
import dev.muster.plan.Plan;
import dev.muster.plan.PlanOrigin;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.problem.Where;
import dev.muster.topology.PlanSource;
import dev.muster.topology.TopologyReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the plan that a topology names: built in, in a file beside it, or elsewhere. */
final class NamedPlan {
  private final TopologyReader topology;
  private final Path folder;
  private final Problems problems;

  /**
   * A plan file.
   *
   * @param label how messages name it
   * @param path where it lies, for one that lies beside the topology
   * @param origin for one that is named with more than a word
   */
  record File(String label, String text, Optional<Path> path, Optional<PlanOrigin> origin) {}

  /**
   * @param folder what paths are relative to
   */
  NamedPlan(TopologyReader topology, Path folder, Problems problems) {
    this.topology = topology;
    this.folder = folder;
    this.problems = problems;
  }

  /**
   * Finds it; what goes wrong is told where the topology names it.
   *
   * @param kept where it was kept with a change set or a record
   */
  Optional<File> file(Optional<KeptPlan> kept) {
    Optional<PlanSource> source =
        topology.namesPlan()
            ? topology.planSource(problems)
            : Optional.of(new PlanSource.Named(Data.defaultPlan()));
    try {
      return source.flatMap(known -> file(known, kept));
    } catch (MusterException e) {
      e.problems().forEach(p -> problems.error(topology.planWhere(), p.message(), Loader.hints(p)));
      return Optional.empty();
    }
  }

  private Optional<File> file(PlanSource source, Optional<KeptPlan> kept) {
    Optional<String> keptText = kept.map(KeptPlan::text);
    if (source instanceof PlanSource.Named named) {
      return named(named.name(), keptText);
    }
    if (PlanFiles.foreign(source)) {
      PlanFiles files = new PlanFiles();
      PlanFiles.Found found =
          kept.map(plan -> files.kept(source, plan)).orElseGet(() -> files.pinned(source));
      return Optional.of(
          new File(found.label(), found.text(), Optional.empty(), Optional.of(found.origin())));
    }
    return keptText
        .map(text -> new File(source.shown(), text, Optional.empty(), Optional.empty()))
        .or(() -> beside(source.shown()))
        .map(file -> held(file, source));
  }

  /** A file that is named with its digest has to be that one. */
  private static File held(File file, PlanSource source) {
    String digest = Sha256.of(file.text());
    source.digest().ifPresent(expected -> PlanFiles.verify(digest, expected));
    return new File(
        file.label(),
        file.text(),
        file.path(),
        Optional.of(new PlanOrigin(source.shown(), digest, false)));
  }

  private Optional<File> named(String name, Optional<String> kept) {
    Optional<FoundPlan> builtIn = FoundPlan.builtIn(name);
    String label = builtIn.map(FoundPlan::label).orElse(name);
    return kept.or(() -> builtIn.map(FoundPlan::text))
        .map(text -> new File(label, text, Optional.empty(), Optional.empty()))
        .or(() -> beside(name));
  }

  private Optional<File> beside(String name) {
    Where where = topology.planWhere();
    boolean path = name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
    try {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return Optional.of(
            new File(name, Loader.read(file, "plan"), Optional.of(file), Optional.empty()));
      }
    } catch (InvalidPathException e) {
      problems.error(where, "this is no path of a file: " + e.getReason());
      return Optional.empty();
    }
    String missing = path ? "there is no plan file " + name : "there is no plan \"" + name + "\"";
    Suggestion.closest(name, Data.plans())
        .ifPresentOrElse(
            close -> problems.error(where, missing, "did you mean " + close + "?"),
            () ->
                problems.error(
                    where,
                    missing,
                    path
                        ? "the path is relative to the topology"
                        : "a plan of your own is named by its path",
                    FoundPlan.known()));
    return Optional.empty();
  }

  /** The plan with where it comes from; one from elsewhere has to say what it may touch. */
  Plan sealed(Plan plan, File file) {
    if (file.origin().filter(PlanOrigin::foreign).isPresent() && plan.allows().isEmpty()) {
      problems.error(
          topology.planWhere(),
          "this plan comes from elsewhere and does not say what it may touch",
          "its author has to write `allows`; or copy it beside the topology, read it, and name"
              + " the copy");
    }
    return file.origin().map(plan::from).orElse(plan);
  }
}
