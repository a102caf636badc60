package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.yaml.YamlDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the scripts of a job of the examples as they stand, in the way in which GitHub or GitLab
 * runs them, with stand-ins for what these keep.
 */
final class CiJobs {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ *([^}]*?) *}}");

  private final JsonNode file;
  private final Path repository;
  private final Path fake;
  private final Map<String, String> environment = new LinkedHashMap<>();

  CiJobs(Path example, Path repository, Path folder) {
    try {
      this.file = YamlDocument.parse(Files.readString(example)).json();
      this.repository = repository;
      this.fake = Files.createDirectories(folder.resolve("fake"));
      Path bin = folder.resolve("bin");
      Path muster = MusterProgram.script(bin);
      for (String name : new String[] {"gh", "curl"}) {
        try (InputStream in = CiJobs.class.getResourceAsStream("/ci/" + name)) {
          Files.write(bin.resolve(name), java.util.Objects.requireNonNull(in).readAllBytes());
        }
        if (!bin.resolve(name).toFile().setExecutable(true)) {
          throw new IllegalStateException(name);
        }
      }
      environment.put("PATH", bin + ":" + System.getenv("PATH"));
      environment.put("MUSTER", muster.toString());
      environment.put("FAKE", fake.toString());
      environment.put("HOME", folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is kept for the whole of a project under this name; empty when nothing is. */
  String kept(String name) {
    try {
      return Files.exists(fake.resolve(name)) ? Files.readString(fake.resolve(name)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void keep(String name, String text) {
    try {
      Files.writeString(fake.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A job of a workflow of GitHub.
   *
   * @param context values of its expressions, such as {@code github.sha}
   */
  Tools.Said github(String job, Path temp, Map<String, String> context) {
    StringBuilder said = new StringBuilder();
    int code = 0;
    for (JsonNode step : file.path("jobs").path(job).path("steps")) {
      boolean wanted = code == 0 || step.path("if").asText().equals("always()");
      if (wanted && step.has("run")) {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.put("RUNNER_TEMP", temp.toString());
        variables.put("GITHUB_STEP_SUMMARY", temp.resolve("summary.md").toString());
        variables.put("GITHUB_REPOSITORY", "acme/fleet");
        variables.put("GITHUB_ACTOR", "someone");
        variables.put("GITHUB_SHA", context.getOrDefault("github.sha", ""));
        for (JsonNode scope : new JsonNode[] {file.path("env"), step.path("env")}) {
          scope
              .properties()
              .forEach(e -> variables.put(e.getKey(), filled(e.getValue().asText(), context)));
        }
        Tools.Said one = bash(filled(step.path("run").asText(), context), variables, "-e");
        said.append(one.text());
        code = code == 0 ? one.code() : code;
      } else if (wanted && step.path("uses").asText().startsWith("actions/upload-artifact@")) {
        upload(step.path("with"), temp, context);
      }
    }
    return new Tools.Said(code, said.toString());
  }

  private void upload(JsonNode with, Path temp, Map<String, String> context) {
    Path folder = fake.resolve("artifacts").resolve(filled(with.path("name").asText(), context));
    try {
      Files.createDirectories(folder);
      Map<String, String> places = new LinkedHashMap<>(context);
      places.put("runner.temp", temp.toString());
      for (String path : filled(with.path("path").asText(), places).lines().toList()) {
        Files.write(folder.resolve(Path.of(path).getFileName()), Files.readAllBytes(Path.of(path)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String filled(String text, Map<String, String> context) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(
            found -> {
              String value = context.get(found.group(1));
              if (value == null) {
                throw new IllegalStateException("no value for " + found.group());
              }
              return Matcher.quoteReplacement(value);
            });
  }

  /** A job of GitLab; all parts of its script run in one shell. */
  Tools.Said gitlab(String job, Map<String, String> variables) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    file.path("variables")
        .properties()
        .forEach(variable -> all.put(variable.getKey(), variable.getValue().asText()));
    all.put("CI_API_V4_URL", "https://gitlab.example.com/api/v4");
    all.put("CI_PROJECT_ID", "5");
    all.putAll(variables);
    StringBuilder script = new StringBuilder("set -o pipefail\n");
    file.path(job).path("script").forEach(part -> script.append(part.asText()).append('\n'));
    return bash(script.toString(), all, "-e");
  }

  private Tools.Said bash(String script, Map<String, String> variables, String option) {
    return Tools.run(repository, variables, java.util.List.of("bash", option, "-c", script));
  }
}
