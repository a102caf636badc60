package dev.muster.trial;

import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.session.Data;
import dev.muster.session.FoundPlan;
import dev.muster.session.Loader;
import dev.muster.topology.SchemaCheck;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan and the cases that it is held to: a folder with a file {@code plan-test.yaml} that names
 * the plan, and a folder for each case below it.
 *
 * @param file the one that names the plan
 * @param cases in the order of their names
 */
public record Suite(Path file, Plan plan, String planText, List<CaseFile> cases) {
  /** What names the plan of all cases below. */
  public static final String FILE = "plan-test.yaml";

  public Suite {
    cases = List.copyOf(cases);
  }

  /**
   * Finds and reads the cases at or below a folder.
   *
   * @param known plans that were compiled before, by their text; gets this one
   * @throws MusterException with all problems of the files, when there is no case, or no file that
   *     names the plan at or above the folder
   */
  public static Suite read(Path folder, Map<String, Plan> known) {
    Path start = Files.isRegularFile(folder) ? folder.resolveSibling("") : folder;
    if (!Files.isDirectory(start)) {
      throw MusterException.of(
          "there is no folder " + folder, "name a folder with " + FILE + ", or a case below one");
    }
    Path file = suiteFile(start);
    Problems problems = new Problems();
    YamlNode document = checked(file, "plan-test", problems).orElseThrow(() -> failed(problems));
    problems.throwIfErrors();
    String name = document.child("plan").map(node -> node.json().asText()).orElse("");
    FoundPlan named = FoundPlan.of(name, file.resolveSibling(name).normalize());
    Plan plan = known.computeIfAbsent(named.text(), text -> named.plan());
    List<CaseFile> cases = new ArrayList<>();
    for (Path each : caseFiles(start)) {
      checked(each, "plan-case", problems)
          .ifPresent(node -> cases.add(new CaseFile(file.resolveSibling(""), each, node)));
    }
    cases.forEach(each -> each.check(plan, problems));
    problems.throwIfErrors();
    if (cases.isEmpty()) {
      throw MusterException.of(
          "there is no case at or below " + start,
          "a case is a folder with a file " + CaseFile.FILE);
    }
    return new Suite(file, plan, named.text(), cases);
  }

  /** A case as its file is now. */
  public CaseFile again(CaseFile old) {
    Problems problems = new Problems();
    YamlNode node = checked(old.file(), "plan-case", problems).orElseThrow(() -> failed(problems));
    return new CaseFile(old.root(), old.file(), node);
  }

  private static MusterException failed(Problems problems) {
    return new MusterException(problems.all());
  }

  private static Path suiteFile(Path start) {
    Path from = start.toString().isEmpty() ? Path.of(".") : start;
    for (Path at = from.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(FILE))) {
        return relative(at.resolve(FILE));
      }
    }
    throw MusterException.of(
        "no " + FILE + " at or above " + from + " says which plan is tested",
        "write one: `muster schema plan-test` prints its format");
  }

  /** As short as it can be said, for messages. */
  private static Path relative(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  private static List<Path> caseFiles(Path start) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          start,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (String.valueOf(file.getFileName()).equals(CaseFile.FILE)) {
                found.add(relative(file.toAbsolutePath().normalize()));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw MusterException.of("cannot look for cases in " + start + ": " + e.getMessage());
    }
    found.sort(Comparator.comparing(Path::toString));
    return found;
  }

  private static Optional<YamlNode> checked(Path file, String schema, Problems problems) {
    String text = Loader.read(file, schema);
    Optional<YamlNode> node = YamlReader.read(file.toString(), text, problems);
    return node.filter(read -> new SchemaCheck(Data.schema(schema)).check(read, problems));
  }
}
