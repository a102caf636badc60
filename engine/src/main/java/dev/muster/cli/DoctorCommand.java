package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.Inspector;
import dev.muster.changes.Selection;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.Examination;
import dev.muster.report.Clean;
import dev.muster.report.Style;
import dev.muster.session.Loader;
import dev.muster.session.Session;
import dev.muster.topology.ClusterDeclaration;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    description =
        "Examines host, members and the links between them, with the fix at each failure.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Parameters(
      arity = "0..*",
      paramLabel = "MEMBER",
      description = "Only these members (default: all).")
  private List<String> members = new ArrayList<>();

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load();
    members.forEach(name -> WhyCommand.member(loaded, name));
    PrintWriter out = spec.commandLine().getOut();
    try (Session session = Session.open(loaded, top.redactor())) {
      ChangeSet changeSet = session.plan(Selection.everything());
      Inspector inspector = session.inspector(Instant.now().minusSeconds(600));
      int failed = 0;
      for (ClusterState state : changeSet.clusters()) {
        ClusterDeclaration cluster = state.cluster();
        if (!cluster.host() && !members.isEmpty() && !members.contains(cluster.name())) {
          continue;
        }
        out.println(top.style().bold((cluster.host() ? "host " : "member ") + cluster.name()));
        failed += reached(state, out, session.clean());
        if (state.failure().isEmpty()) {
          failed += examine(session, inspector, cluster, out);
        }
        out.flush();
      }
      out.println();
      out.println(
          failed == 0
              ? "all is well"
              : failed + (failed == 1 ? " thing is" : " things are") + " wrong");
      return failed == 0 ? ExitCode.OK.code() : ExitCode.ERROR.code();
    }
  }

  private int reached(ClusterState state, PrintWriter out, Clean clean) {
    if (state.failure().isEmpty()) {
      out.println(ok() + "it is reached, kube-system UID " + state.uid());
      return 0;
    }
    out.println(bad() + "it is not reached: " + clean.line(state.failure().get().message()));
    out.println(
        "         fix: "
            + (state.cluster().courier()
                ? CourierNotes.next(state.cluster(), false)
                : "kubectl --context " + state.cluster().access().context() + " version"));
    return 1;
  }

  private int examine(
      Session session, Inspector inspector, ClusterDeclaration cluster, PrintWriter out) {
    int failed = 0;
    Clean clean = session.clean();
    for (Examination line : session.planFile().doctor()) {
      if (line.ofHost() != cluster.host()) {
        continue;
      }
      if (line.when().isPresent() && !applies(inspector, cluster, line.when().get())) {
        continue;
      }
      List<Template> templates = new ArrayList<>(List.of(line.that(), line.fix()));
      line.detail().ifPresent(templates::add);
      inspector.read(cluster, templates);
      Outcome outcome = inspector.evaluate(cluster, line.that());
      boolean holds = outcome instanceof Outcome.Value value && value.value().asBoolean();
      String detail =
          line.detail()
              .map(template -> inspector.evaluate(cluster, template))
              .filter(Outcome.Value.class::isInstance)
              .map(value -> ": " + clean.line(((Outcome.Value) value).value().asText()))
              .orElse("");
      if (holds) {
        out.println(ok() + line.title() + detail);
        continue;
      }
      failed++;
      out.println(bad() + line.title() + why(outcome, clean));
      if (inspector.evaluate(cluster, line.fix()) instanceof Outcome.Value fix) {
        out.println("         fix: " + clean.line(fix.value().asText()));
      }
    }
    return failed;
  }

  private static boolean applies(Inspector inspector, ClusterDeclaration cluster, Template when) {
    inspector.read(cluster, List.of(when));
    return inspector.evaluate(cluster, when) instanceof Outcome.Value value
        && value.value().asBoolean();
  }

  private static String why(Outcome outcome, Clean clean) {
    if (outcome instanceof Outcome.Missing missing) {
      return " (not there: " + clean.line(missing.what()) + ")";
    }
    return outcome instanceof Outcome.Error error ? " (" + clean.line(error.message()) + ")" : "";
  }

  private String ok() {
    return "  " + top.style().green("ok") + "     ";
  }

  private String bad() {
    Style style = top.style();
    return "  " + style.red("wrong") + "  ";
  }
}
