package dev.muster.cli;

import dev.muster.lint.Finding;
import dev.muster.lint.LintReports;
import dev.muster.lint.Linter;
import dev.muster.lint.Rule;
import dev.muster.report.Style;
import dev.muster.session.Data;
import dev.muster.session.FoundPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "plan-lint",
    description = "Looks at a plan file for what is sound and yet cannot be meant.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is found, or notes alone",
      "1:a file is wrong",
      "2:there are errors or warnings (with --strict: notes)",
      "64:the command line is wrong"
    },
    footer = {
      "",
      "What is meant as it is gets a comment on its line or right above it:",
      "# lint-ignore RULE: REASON"
    })
final class PlanLintCommand implements Callable<Integer> {
  /** How findings are told. */
  enum Format {
    text,
    json,
    sarif
  }

  private static final int WIDTH = 80;

  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Plan files, or names of built-in plans.")
  private List<String> files = List.of();

  @Option(names = "--strict", description = "Let notes count too.")
  private boolean strict;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  @Override
  public Integer call() {
    List<Finding> all = new ArrayList<>();
    for (String file : files) {
      FoundPlan plan = FoundPlan.of(file, Path.of(file));
      all.addAll(Linter.look(plan.label(), plan.text(), plan.plan()));
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case text -> text(all, out);
      case json -> out.print(LintReports.json(all));
      case sarif -> out.print(LintReports.sarif(all, Data.version()));
    }
    out.flush();
    boolean bad = all.stream().anyMatch(f -> strict || f.rule().level() != Rule.Level.NOTE);
    return (bad ? ExitCode.CHANGES : ExitCode.OK).code();
  }

  private void text(List<Finding> findings, PrintWriter out) {
    Style style = top.style();
    for (Finding finding : findings) {
      Rule.Level level = finding.rule().level();
      String word = level.word();
      String shown =
          level == Rule.Level.ERROR
              ? style.red(word)
              : level == Rule.Level.WARNING ? style.yellow(word) : word;
      out.println(
          style.bold(finding.where().toString()) + ": " + shown + " " + finding.rule().id());
      paragraph(finding.message(), "  ", out);
      paragraph(finding.rule().why(), "  why: ", out);
      paragraph(finding.next(), "  next: ", out);
    }
    out.println(
        findings.isEmpty()
            ? "nothing is found"
            : findings.size() + (findings.size() == 1 ? " finding" : " findings"));
  }

  private void paragraph(String text, String begin, PrintWriter out) {
    String line = begin;
    for (String word : top.clean(text).strip().split(" ")) {
      if (line.length() + word.length() > WIDTH && !line.isBlank()) {
        out.println(line.stripTrailing());
        line = " ".repeat(begin.length());
      }
      line += word + " ";
    }
    out.println(line.stripTrailing());
  }
}
