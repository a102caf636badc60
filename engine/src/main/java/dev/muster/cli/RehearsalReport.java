package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Fingerprint;
import dev.muster.report.Clean;
import dev.muster.report.PlanPatches;
import dev.muster.report.Style;
import dev.muster.resource.ObjectRef;
import dev.muster.session.WholeFile;
import dev.muster.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a rehearsal tells: what it had to assume, what became known, how the objects ended. */
final class RehearsalReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Where the outcome goes besides the screen.
   *
   * @param rehearsal to hold a run to it
   * @param objects a folder for patches and final objects
   */
  record Outputs(boolean json, Optional<Path> rehearsal, Optional<Path> objects) {}

  /** An object as the run left it. */
  record Final(String cluster, ObjectRef ref, Optional<JsonNode> object) {}

  /**
   * What was played.
   *
   * @param start what was planned before it
   * @param performed its steps as they were right before their writes
   */
  record Played(ExitCode code, ChangeSet start, ChangeSet performed, List<Final> objects) {}

  private final String recorded;
  private final List<String> assumptions;
  private final List<String> differences;
  private final Outputs outputs;
  private final Clean clean;
  private final Style style;

  RehearsalReport(
      String recorded,
      List<String> assumptions,
      List<String> differences,
      Outputs outputs,
      Clean clean,
      Style style) {
    this.recorded = recorded;
    this.assumptions = List.copyOf(assumptions);
    this.differences = List.copyOf(differences);
    this.outputs = outputs;
    this.clean = clean;
    this.style = style;
  }

  /** What has to be known before anything is read of it. */
  String head() {
    StringBuilder text = new StringBuilder();
    text.append(style.bold("SIMULATION"))
        .append(" of the fleet as recorded at ")
        .append(clean.line(recorded))
        .append("\nno real cluster is asked or changed\n");
    for (String assumption : assumptions) {
      text.append("  assumed: ").append(clean.line(assumption)).append('\n');
    }
    for (String difference : differences) {
      text.append(style.yellow("  does not begin as recorded: "))
          .append(clean.line(difference))
          .append('\n');
    }
    return text.append('\n').toString();
  }

  String text(Played played) {
    StringBuilder text = new StringBuilder();
    String known = known(played);
    if (!known.isEmpty()) {
      text.append("\nbecame known on the way:\n").append(known);
    }
    if (!played.objects().isEmpty()) {
      text.append("\nwhat it wrote, in this order:\n");
      for (Final object : played.objects()) {
        text.append("  ").append(object.cluster()).append("  ").append(object.ref());
        text.append(object.object().isEmpty() ? "  (gone in the end)" : "").append('\n');
      }
      text.append(
          outputs
              .objects()
              .map(folder -> "  patches and final objects are in " + folder + "\n")
              .orElse("  --out-dir DIR writes the patches and the final objects\n"));
    }
    text.append('\n').append(style.bold("SIMULATION")).append(": nothing of this has happened\n");
    next(played).ifPresent(next -> text.append("next: ").append(next).append('\n'));
    return text.toString();
  }

  private Optional<String> next(Played played) {
    boolean well = played.code() == ExitCode.OK || played.code() == ExitCode.DEFERRED;
    if (!well) {
      return Optional.of(
          "put right what stopped it (above), then record and play again:\n"
              + "  muster plan --snapshot FILE");
    }
    if (played.objects().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        outputs
            .rehearsal()
            .map(file -> "do just this and nothing else:\n  muster apply --rehearsed " + file)
            .orElse("play it with --out FILE, for: muster apply --rehearsed FILE"));
  }

  /** Values that the plan could not tell; not that there is a secret by then. */
  private String known(Played played) {
    StringBuilder text = new StringBuilder();
    for (StepPlan step : played.performed().steps()) {
      Optional<StepPlan> planned = played.start().step(step.step().id());
      for (Change change : step.effective()) {
        Set<String> open = planned.map(before -> open(before, change.ref())).orElseGet(Set::of);
        List<FieldChange> known =
            step.fields(change).stream()
                .filter(field -> !field.sensitive() && open.contains(field.path().toString()))
                .toList();
        if (!known.isEmpty()) {
          text.append("  ").append(step.step().id()).append("  ").append(change.ref()).append('\n');
        }
        for (FieldChange field : known) {
          String line = field.path() + ": " + field.shownAfter();
          text.append("    ").append(clean.line(line)).append('\n');
        }
      }
    }
    return text.toString();
  }

  /** Fields of an object that were not known when the step was planned. */
  private static Set<String> open(StepPlan step, ObjectRef ref) {
    return step.changes().stream()
        .filter(change -> change.ref().equals(ref))
        .flatMap(change -> step.fields(change).stream())
        .filter(field -> !field.knownAfter().isEmpty())
        .map(field -> field.path().toString())
        .collect(Collectors.toSet());
  }

  /** Writes the files that were asked for. */
  void write(Played played) {
    outputs
        .objects()
        .ifPresent(
            folder -> {
              file(folder.resolve("patches.json"), patches(played));
              for (Final object : played.objects()) {
                file(folder.resolve(object.cluster()).resolve(name(object.ref())), yaml(object));
              }
            });
  }

  private static String name(ObjectRef ref) {
    return (ref.kind() + "." + ref.namespace() + "." + ref.name() + ".yaml")
        .replace("..", ".")
        .toLowerCase(Locale.ROOT);
  }

  private String yaml(Final object) {
    String heading = "# final (simulated), " + object.cluster() + ": " + object.ref() + "\n";
    return heading
        + object
            .object()
            .map(tree -> clean.lines(YamlWriter.write(tree)))
            .orElse("# it does not exist\n");
  }

  private static void file(Path file, String text) {
    WholeFile.secretFolder(file.toAbsolutePath().resolveSibling(""));
    WholeFile.secret(file, text);
  }

  private String patches(Played played) {
    return new PlanPatches(Fingerprint.withNewKey(new SecureRandom()), clean)
        .render(played.performed());
  }

  String json(Played played) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "RehearsalReport");
    root.put("simulation", true).put("recorded", recorded);
    root.put("exitCode", played.code().code());
    ArrayNode assumed = root.putArray("assumptions");
    assumptions.forEach(text -> assumed.add(clean.line(text)));
    ArrayNode begins = root.putArray("differences");
    differences.forEach(text -> begins.add(clean.line(text)));
    try {
      root.set("patches", JSON.readTree(patches(played)));
      ArrayNode all = root.putArray("objects");
      for (Final object : played.objects()) {
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
}
