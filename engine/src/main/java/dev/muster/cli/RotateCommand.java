package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.session.PlanRendering;
import dev.muster.session.RotationRun;
import dev.muster.session.SecretSources;
import dev.muster.topology.SecretInput;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "rotate",
    description = {
      "Replaces a secret of the host and its members: first the host has it, then the members follow in waves, each behind its gates.",
      "Interrupted at any point, the same command goes on with the same value; so does apply."
    },
    mixinStandardHelpOptions = true)
final class RotateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Parameters(paramLabel = "NAME", description = "The secret, as the plan names it.")
  private String name;

  @ArgGroup(
      multiplicity = "0..1",
      heading = "Where the new value comes from (default: it is generated):%n")
  private Source source = new Source();

  /** At most one of them. */
  static final class Source {
    @Option(
        names = "--from-file",
        paramLabel = "FILE",
        description = "A file that holds nothing else.")
    private Optional<String> file = Optional.empty();

    @Option(names = "--from-env", paramLabel = "NAME", description = "An environment variable.")
    private Optional<String> variable = Optional.empty();

    @Option(
        names = "--from-exec",
        paramLabel = "ARGV",
        description =
            "A program that prints it, as a list: '[vault, read, -field=jwt, secret/ks]'. No shell.")
    private Optional<String> program = Optional.empty();
  }

  @Option(
      names = "--new",
      description =
          "Begin another rotation although one is open: a member that never followed would keep it open.")
  private boolean anew;

  @Option(names = "--plan", description = "Only show what it would do.")
  private boolean planOnly;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "With --plan or --offline, one of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private PlanRendering format;

  @Mixin private RunOptions run;
  @Mixin private RehearsalOptions rehearsal;

  @Override
  public Integer call() {
    RotationRun.Request request = request();
    ApplyOptions options =
        run.options(Optional.empty(), Optional.of(request), false, Optional.empty());
    if (!planOnly) {
      return rehearsal
          .run(
              top,
              spec,
              files.file(),
              new SelectionOptions(),
              options,
              format == PlanRendering.json)
          .code();
    }
    return new ApplyFlow(
            top,
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            options,
            expectation -> expectation)
        .show(files.file(), new SelectionOptions(), format)
        .code();
  }

  private RotationRun.Request request() {
    ObjectNode from = JsonNodeFactory.instance.objectNode();
    source.file.ifPresent(file -> from.put("file", file));
    source.variable.ifPresent(variable -> from.put("env", variable));
    source.program.ifPresent(program -> from.set("exec", words(program)));
    if (from.isEmpty()) {
      return new RotationRun.Request(name, Optional.empty(), "", anew);
    }
    return new RotationRun.Request(name, Optional.of(given(from)), described(from), anew);
  }

  /** The value that the source gives, known to the redactor from then on. */
  private String given(ObjectNode from) {
    Problems problems = new Problems();
    Optional<SecretInput> input =
        new SecretSources(SecretSources.Extent.ALL, top.redactor())
            .load(from, Path.of("").toAbsolutePath(), Where.nowhere(), problems);
    problems.throwIfErrors();
    return ((SecretInput.Text) input.orElseThrow()).value();
  }

  private static String described(ObjectNode from) {
    String kind = from.fieldNames().next();
    return switch (kind) {
      case "file" -> "file " + from.path(kind).asText();
      case "env" -> "the variable " + from.path(kind).asText();
      default -> "the program " + from.path(kind).path(0).asText();
    };
  }

  private JsonNode words(String program) {
    Problems problems = new Problems();
    JsonNode words =
        YamlReader.read("--from-exec", program, problems)
            .map(YamlNode::json)
            .orElse(NullNode.instance);
    boolean list = words.isArray() && !words.isEmpty();
    for (JsonNode word : words) {
      list &= word.isTextual();
    }
    if (!list) {
      throw new ParameterException(
          spec.commandLine(),
          "--from-exec takes a list of words like '[vault, read, -field=jwt, secret/ks]'");
    }
    return words;
  }
}
