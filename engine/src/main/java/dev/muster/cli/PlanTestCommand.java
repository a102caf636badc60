package dev.muster.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.apply.RunReport;
import dev.muster.bound.LinearPattern;
import dev.muster.changes.ChangeSet;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.session.Loader;
import dev.muster.session.WholeFile;
import dev.muster.trial.CaseFile;
import dev.muster.trial.CaseResult;
import dev.muster.trial.CaseRun;
import dev.muster.trial.Coverage;
import dev.muster.trial.Ending;
import dev.muster.trial.Suite;
import dev.muster.trial.TrialReports;
import dev.muster.trial.TrialText;
import dev.muster.trial.Updated;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "plan-test",
    description = "Runs a plan file against cases, without any cluster.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every case passes",
      "1:a file is wrong, or there is no case",
      "2:a case fails, or --require-coverage and something is not reached",
      "64:the command line is wrong"
    },
    footer = {
      "",
      "A case is a folder with a case.yaml: a fleet in memory, and what the plan",
      "makes of it. Which plan that is says plan-test.yaml above it. Their formats:",
      "muster schema plan-case, muster schema plan-test."
    })
final class PlanTestCommand implements Callable<Integer> {
  /** How results are told. */
  enum Format {
    text,
    json,
    junit
  }

  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders with cases, at any depth.")
  private List<Path> folders = List.of();

  @Option(
      names = "--filter",
      paramLabel = "PATTERN",
      description = "Only cases in whose name this regular expression is found.")
  private Optional<String> filter = Optional.empty();

  @Option(
      names = "--update",
      description = "Rewrite what is expected where it is not what was found, and say where.")
  private boolean update;

  @Option(
      names = "--coverage",
      description = "List everything that no case reaches, not just the first of it.")
  private boolean coverage;

  @Option(
      names = "--require-coverage",
      description = "Fail when there is a step, gate or refusal that no case reaches.")
  private boolean requireCoverage;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  @Override
  public Integer call() {
    Map<String, Plan> plans = new LinkedHashMap<>();
    Map<String, Ran> ran = new LinkedHashMap<>();
    for (Path folder : folders) {
      Suite suite = Suite.read(folder, plans);
      Ran of = ran.computeIfAbsent(suite.planText(), text -> new Ran(suite.plan()));
      chosen(suite).forEach(each -> of.results.add(run(suite, each, of.coverage)));
    }
    if (ran.values().stream().allMatch(of -> of.results.isEmpty())) {
      throw MusterException.of("no case has a name in which " + filter.orElse("") + " is found");
    }
    tell(List.copyOf(ran.values()));
    boolean failed = ran.values().stream().anyMatch(of -> of.fails(requireCoverage));
    return (failed ? ExitCode.CHANGES : ExitCode.OK).code();
  }

  /** The cases of one plan. */
  private static final class Ran {
    private final Coverage coverage;
    private final List<CaseResult> results = new ArrayList<>();

    private Ran(Plan plan) {
      coverage = new Coverage(plan);
    }

    private boolean fails(boolean requireCoverage) {
      return results.stream().anyMatch(result -> !result.passed())
          || requireCoverage && !coverage.missing().isEmpty();
    }
  }

  private CaseResult run(Suite suite, CaseFile file, Coverage coverage) {
    CaseResult result = new CaseRun(suite, file, top.redactor(), new Codes(), coverage).run();
    if (update && !result.passed()) {
      rewrite(result);
      result = new CaseRun(suite, suite.again(file), top.redactor(), new Codes(), coverage).run();
    }
    if (format == Format.text) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(new TrialText(top.style()).text(result));
      out.flush();
    }
    return result;
  }

  private void tell(List<Ran> ran) {
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case text -> {
        TrialText text = new TrialText(top.style());
        ran.forEach(
            of ->
                out.print(
                    "\n" + text.summary(of.results, of.coverage, coverage || requireCoverage)));
      }
      case json -> {
        ArrayNode plans = JsonNodeFactory.instance.arrayNode();
        ran.forEach(of -> plans.add(TrialReports.json(of.results, of.coverage)));
        out.println(plans.toPrettyString());
      }
      case junit ->
          out.print(TrialReports.junit(ran.stream().flatMap(of -> of.results.stream()).toList()));
    }
    out.flush();
  }

  private List<CaseFile> chosen(Suite suite) {
    try {
      LinearPattern pattern = filter.isEmpty() ? LinearPattern.ANY : LinearPattern.of(filter.get());
      return suite.cases().stream().filter(each -> pattern.find(each.name())).toList();
    } catch (LinearPattern.Unusable e) {
      throw new ParameterException(
          spec.commandLine(), "--filter is no regular expression: " + e.getMessage());
    }
  }

  private void rewrite(CaseResult result) {
    Path file = result.file().file();
    String now = Loader.read(file, "case");
    WholeFile.replace(file, new Updated(result).text(now));
    spec.commandLine().getErr().println("updated " + file);
  }

  /** Exit codes as the commands themselves have them. */
  private static final class Codes implements Ending {
    @Override
    public int planned(ChangeSet changeSet) {
      return PlanCommand.exitCode(changeSet, false).code();
    }

    @Override
    public int ran(RunReport report, ChangeSet changeSet) {
      return RunExit.of(report, changeSet).code();
    }

    @Override
    public int invalid() {
      return ExitCode.ERROR.code();
    }

    @Override
    public int refused() {
      return ExitCode.REFUSED.code();
    }
  }
}
