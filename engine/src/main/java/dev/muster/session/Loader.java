package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import dev.muster.desired.RuleCheck;
import dev.muster.history.Checkouts;
import dev.muster.plan.Plan;
import dev.muster.plan.PlanReader;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.topology.ManifestLoader;
import dev.muster.topology.SecretLoader;
import dev.muster.topology.Topology;
import dev.muster.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the files that a command names, as the engine itself touches no disk. */
public final class Loader {
  /**
   * What a command works on; the texts are those that were read, for the record.
   *
   * @param notes what the plan has to say of this topology, although nothing is wrong
   * @param provenance where it comes from, for the record
   */
  public record Loaded(
      Path file,
      String topologyText,
      Topology topology,
      String planText,
      Plan plan,
      List<String> notes,
      Provenance provenance) {
    /** The same with a budget from the command line. */
    public Loaded withStopAfter(int budget) {
      return with(topology.withStopAfter(budget), provenance);
    }

    /** The same with members that the file does not name. */
    public Loaded withMembers(List<dev.muster.topology.ClusterDeclaration> more) {
      return with(topology.withMembers(more), provenance);
    }

    /** The same, said to come from where it came from when it was saved. */
    public Loaded plannedFrom(String commit) {
      return with(topology, new Provenance(provenance.files(), Optional.of(commit)));
    }

    private Loaded with(Topology other, Provenance from) {
      return new Loaded(file, topologyText, other, planText, plan, notes, from);
    }
  }

  private Loader() {}

  /**
   * Loads a topology and the plan that it names.
   *
   * @throws MusterException with all problems of both files
   */
  public static Loaded load(Path file, SecretSources secrets) {
    Problems problems = new Problems();
    String text = read(file, "topology");
    return load(file, text, Optional.empty(), secrets, problems);
  }

  /**
   * The same from a text that is in no file yet; relative paths are relative to the file's place.
   */
  public static Loaded of(Path file, String topologyText, SecretSources secrets) {
    return load(file, topologyText, Optional.empty(), secrets, new Problems());
  }

  /**
   * The same from a text that only says how clusters are reached: what the plan requires of a
   * topology beside that, by its schema and by its rules, is still to be found out.
   */
  public static Loaded unfinished(Path file, String topologyText, SecretSources secrets) {
    return load(
        file,
        topologyText,
        Optional.empty(),
        Manifests.USUAL,
        secrets,
        Extent.ACCESS,
        new Problems());
  }

  /** How much of a topology there has to be. */
  private enum Extent {
    WHOLE,
    ACCESS
  }

  /** The same from texts that were saved with a change set. */
  public static Loaded load(
      Path file, String topologyText, String planText, SecretSources secrets) {
    return load(file, topologyText, Optional.of(KeptPlan.of(planText)), secrets, new Problems());
  }

  /** The same, with what it names by file or address coming from elsewhere. */
  public static Loaded load(
      Path file,
      String topologyText,
      Optional<String> planText,
      ManifestLoader manifests,
      SecretLoader secrets) {
    return load(
        file,
        topologyText,
        planText.map(KeptPlan::of),
        manifests,
        secrets,
        Extent.WHOLE,
        new Problems());
  }

  /** The same with a plan that was kept with where it comes from. */
  static Loaded load(Path file, String topologyText, KeptPlan plan, SecretLoader secrets) {
    return load(file, topologyText, Optional.of(plan), secrets, new Problems());
  }

  private static Loaded load(
      Path file,
      String text,
      Optional<KeptPlan> savedPlan,
      SecretLoader secrets,
      Problems problems) {
    return load(file, text, savedPlan, Manifests.USUAL, secrets, Extent.WHOLE, problems);
  }

  private static Loaded load(
      Path file,
      String text,
      Optional<KeptPlan> savedPlan,
      ManifestLoader manifests,
      SecretLoader secrets,
      Extent extent,
      Problems problems) {
    Path folder = file.toAbsolutePath().normalize().resolveSibling("");
    JsonNode base = Data.schema("topology");
    Optional<TopologyReader> reader = TopologyReader.open(label(file), text, folder, problems);
    List<Path> named = new ArrayList<>();
    if (reader.isEmpty()) {
      throw new MusterException(problems.all());
    }
    NamedPlan namedPlan = new NamedPlan(reader.get(), folder, problems);
    Optional<NamedPlan.File> planFile = namedPlan.file(savedPlan);
    Optional<String> planText = planFile.map(NamedPlan.File::text);
    planFile.flatMap(NamedPlan.File::path).filter(f -> savedPlan.isEmpty()).ifPresent(named::add);
    Problems ofPlan = new Problems();
    Optional<Prepared> prepared = planText.map(Prepared::of);
    Optional<PlanReader> planReader =
        planText
            .flatMap(t -> PlanReader.open(planFile.orElseThrow().label(), t, ofPlan))
            .map(opened -> prepared.filter(Prepared::known).isPresent() ? opened.known() : opened);
    Optional<Topology> topology = Optional.empty();
    if (planReader.isPresent()) {
      JsonNode inputs = planReader.get().inputs();
      if (extent == Extent.ACCESS) {
        inputs = withoutRequired(inputs);
      }
      ManifestLoader noted =
          (source, place, where, found) -> {
            if (source.has("file")) {
              named.add(place.resolve(source.path("file").asText()));
            }
            return manifests.load(source, place, where, found);
          };
      boolean same = prepared.filter(earlier -> earlier.knows(text)).isPresent();
      topology =
          (same ? reader.get().known() : reader.get()).read(base, inputs, noted, secrets, problems);
    } else {
      reader.get().checkWithoutPlan(base, problems);
    }
    Optional<Plan> plan =
        planReader
            .flatMap(p -> p.read(Data.schema("plan"), base, ofPlan))
            .map(read -> namedPlan.sealed(read, planFile.orElseThrow()));
    List<String> notes = List.of();
    if (plan.isPresent() && topology.isPresent()) {
      plan = Optional.of(plan.get().at(topology.get(), problems));
      if (extent == Extent.WHOLE) {
        notes = RuleCheck.check(plan.get(), topology.get(), problems);
      }
    }
    List<Problem> all = new ArrayList<>(inOrder(problems));
    all.addAll(inOrder(ofPlan));
    if (problems.hasErrors() || ofPlan.hasErrors()) {
      throw new MusterException(all);
    }
    if (extent == Extent.WHOLE) {
      prepared.ifPresent(found -> found.sound(text));
    }
    return new Loaded(
        file,
        text,
        topology.orElseThrow(),
        planText.orElseThrow(),
        plan.orElseThrow(),
        notes,
        new Provenance(named, Optional.empty()));
  }

  private static JsonNode withoutRequired(JsonNode inputs) {
    ObjectNode free = inputs.deepCopy();
    for (String role : List.of("host", "member")) {
      if (free.path(role) instanceof ObjectNode rules) {
        rules.remove("required");
      }
    }
    return free;
  }

  /**
   * A plan file by itself, without a topology.
   *
   * @param label how messages name it
   * @throws MusterException with all its problems
   */
  public static Plan plan(String label, String text) {
    Problems problems = new Problems();
    Prepared prepared = Prepared.of(text);
    Optional<Plan> plan =
        PlanReader.open(label, text, problems)
            .map(opened -> prepared.known() ? opened.known() : opened)
            .flatMap(reader -> reader.read(Data.schema("plan"), Data.schema("topology"), problems));
    if (plan.isEmpty() || problems.hasErrors()) {
      throw new MusterException(inOrder(problems));
    }
    prepared.sound();
    return plan.get();
  }

  /**
   * A topology for a plan that was read before, whatever plan it names itself.
   *
   * @throws MusterException with all problems of the topology
   */
  public static Loaded against(
      Plan plan, String planText, Path file, ManifestLoader manifests, SecretLoader secrets) {
    Problems problems = new Problems();
    String text = read(file, "topology");
    Path folder = file.toAbsolutePath().normalize().resolveSibling("");
    Optional<Topology> topology =
        TopologyReader.open(label(file), text, folder, problems)
            .flatMap(
                reader ->
                    reader.read(
                        Data.schema("topology"), plan.inputs(), manifests, secrets, problems));
    Optional<Plan> there = topology.map(read -> plan.at(read, problems));
    List<String> notes =
        topology.map(read -> RuleCheck.check(plan, read, problems)).orElse(List.of());
    if (topology.isEmpty() || problems.hasErrors()) {
      throw new MusterException(inOrder(problems));
    }
    Provenance nowhere = new Provenance(List.of(), Optional.empty());
    return new Loaded(file, text, topology.get(), planText, there.orElseThrow(), notes, nowhere);
  }

  /** Objects of manifests in files; one that would have to be fetched is a problem. */
  public static ManifestLoader onlyFiles() {
    return (source, folder, where, problems) -> {
      if (source.has("file")) {
        return Manifests.USUAL.load(source, folder, where, problems);
      }
      problems.error(
          where,
          "a case fetches nothing, and this manifest is named by its URL",
          "put it beside the case and name it: {file: PATH}");
      return List.of();
    };
  }

  /** File by file as they were opened, from top to bottom. */
  private static List<Problem> inOrder(Problems problems) {
    List<String> files = problems.all().stream().map(p -> p.where().file()).distinct().toList();
    return problems.all().stream()
        .sorted(
            Comparator.<Problem>comparingInt(problem -> files.indexOf(problem.where().file()))
                .thenComparingInt(problem -> problem.where().line())
                .thenComparingInt(problem -> problem.where().column()))
        .toList();
  }

  /** How a file is called in messages; one of a commit by its name there. */
  public static String label(Path file) {
    return Checkouts.label(file);
  }

  static String[] hints(Problem problem) {
    return problem.hints().toArray(String[]::new);
  }

  /** Reads a whole file; what goes wrong is told with the file's name. */
  public static String read(Path file, String what) {
    if (Checkouts.foreign(file) && (what.equals("plan") || what.equals("manifest"))) {
      throw MusterException.of(
          "the " + what + " " + file.getFileName() + " is not in the commit of the topology",
          "commit it: what is planned of a commit is planned of that commit alone");
    }
    try {
      return BoundedFile.text(file, Bounds.FILE);
    } catch (BoundedFile.TooLarge e) {
      throw MusterException.of(
          file + " " + e.getMessage() + ", which no " + what + " file is",
          "is this the right file?");
    } catch (NoSuchFileException e) {
      throw MusterException.of(
          "there is no " + what + " file " + file,
          what.equals("topology")
              ? "name it with -f FILE; `muster schema topology` prints its format"
              : "check the path; it is relative to the topology file");
    } catch (java.nio.charset.CharacterCodingException e) {
      throw MusterException.of(file + " is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      throw MusterException.of(
          "cannot read "
              + file
              + ": "
              + (Files.isDirectory(file) ? "it is a folder" : e.getMessage()));
    }
  }
}
