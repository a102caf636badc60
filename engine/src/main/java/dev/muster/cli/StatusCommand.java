package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.Expiring;
import dev.muster.changes.Inspector;
import dev.muster.changes.Selection;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Unmanaged;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.plan.StatusColumn;
import dev.muster.report.Clean;
import dev.muster.report.ExpiryText;
import dev.muster.report.Table;
import dev.muster.report.UnmanagedText;
import dev.muster.session.Loader;
import dev.muster.session.Rotations;
import dev.muster.session.SecretColumns;
import dev.muster.session.Session;
import dev.muster.topology.ClusterDeclaration;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description =
        "Shows host and members in a table: how they are joined, and whether they drifted.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load();
    PrintWriter out = spec.commandLine().getOut();
    try (Session session = Session.open(loaded, top.redactor())) {
      ChangeSet changeSet = session.plan(Selection.everything());
      Inspector inspector = session.inspector(Instant.now().minusSeconds(600));
      List<String> header = new ArrayList<>(List.of("CLUSTER", "REACHED"));
      session.planFile().status().forEach(column -> header.add(column.title()));
      SecretColumns secrets = new SecretColumns(session.planFile());
      header.addAll(secrets.titles());
      header.add("LAST APPLIED");
      header.add("DRIFT");
      String applied = lastApplied(loaded);
      List<List<String>> rows = new ArrayList<>();
      for (ClusterState state : changeSet.clusters()) {
        rows.add(row(state, session, inspector, secrets, changeSet, applied));
      }
      for (Unmanaged.Member member : changeSet.unmanaged().members()) {
        rows.add(unmanaged(session.clean().line(member.name()), header.size()));
      }
      List<Expiring> expiries = session.expiries(changeSet, inspector);
      if (output.json()) {
        ArrayNode array = json(header, rows);
        for (JsonNode row : array) {
          String name = row.path("cluster").asText();
          ExpiryText.put(
              ((ObjectNode) row).putArray("expiries"),
              expiries.stream().filter(each -> each.cluster().equals(name)).toList(),
              session.clean());
        }
        out.println(array.toPrettyString());
      } else {
        out.print(Table.of(header, rows));
        ExpiryText.lines(expiries, session.clean(), top.style()).forEach(out::println);
        new Rotations(session).told().forEach(out::println);
        CourierNotes.toDo(changeSet, false).forEach(out::println);
        if (!changeSet.unmanaged().unknown().isEmpty()) {
          UnmanagedText.of(changeSet.unmanaged(), session.clean()).ifPresent(out::println);
        }
      }
      changeSet
          .guards()
          .forEach(guard -> spec.commandLine().getErr().print(top.clean(guard.text())));
      return PlanCommand.exitCode(changeSet, false).code();
    }
  }

  private static List<String> row(
      ClusterState state,
      Session session,
      Inspector inspector,
      SecretColumns secrets,
      ChangeSet changeSet,
      String applied) {
    ClusterDeclaration cluster = state.cluster();
    List<String> row = new ArrayList<>();
    row.add(cluster.name());
    row.add(reached(state, session));
    Clean clean = session.clean();
    for (StatusColumn column : session.planFile().status()) {
      Template template = cluster.host() ? column.host() : column.member();
      row.add(state.failure().isEmpty() ? value(inspector, cluster, template, clean) : "?");
    }
    row.addAll(secrets.cells(cluster, inspector, state.failure().isEmpty()));
    row.add(applied);
    row.add(state.failure().isEmpty() ? drift(cluster, changeSet) : "?");
    return row;
  }

  /** One that only the courier reaches is known as it was when its last receipt was made. */
  private static String reached(ClusterState state, Session session) {
    if (!state.cluster().courier() || state.cluster().lost()) {
      return state.failure().isEmpty() ? "yes" : "no";
    }
    return session
        .clusters()
        .carriedBack(state.cluster())
        .map(back -> "receipt of " + minute(back.at()))
        .orElse("no receipt yet");
  }

  private static String minute(Instant time) {
    return time.toString().substring(0, 16).replace('T', ' ');
  }

  /** Registered on the host, not in the topology: nobody has asked it anything. */
  private static List<String> unmanaged(String name, int columns) {
    List<String> row = new ArrayList<>(List.of(name));
    while (row.size() < columns - 1) {
      row.add("-");
    }
    row.add("unmanaged");
    return row;
  }

  private static String value(
      Inspector inspector, ClusterDeclaration cluster, Template template, Clean clean) {
    inspector.read(cluster, List.of(template));
    if (inspector.sensitive(cluster, template)) {
      return "(sensitive)";
    }
    return inspector.evaluate(cluster, template) instanceof Outcome.Value value
        ? clean.line(value.value().asText())
        : "?";
  }

  private static String drift(ClusterDeclaration cluster, ChangeSet changeSet) {
    List<StepPlan> steps =
        changeSet.steps().stream()
            .filter(step -> step.step().subject().name().equals(cluster.name()))
            .toList();
    if (steps.stream().anyMatch(s -> s.decision() == StepPlan.Decision.REFUSED)) {
      return "refused";
    }
    if (steps.stream().anyMatch(s -> s.decision() == StepPlan.Decision.FAILED)) {
      return "?";
    }
    int fields =
        steps.stream()
            .flatMap(s -> s.effective().stream())
            .mapToInt(c -> Math.max(1, c.fields().size()))
            .sum();
    return fields == 0 ? "none" : fields + (fields == 1 ? " field" : " fields");
  }

  private static String lastApplied(Loader.Loaded loaded) {
    try {
      Optional<GitHistory> found = GitHistory.find(loaded.file(), loaded.topology().name());
      if (found.isEmpty()) {
        return "-";
      }
      try (GitHistory history = found.get()) {
        return history.latest().map(RunEntry::time).map(StatusCommand::minute).orElse("never");
      }
    } catch (dev.muster.problem.MusterException e) {
      return "?";
    }
  }

  private static ArrayNode json(List<String> header, List<List<String>> rows) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (List<String> row : rows) {
      ObjectNode node = array.addObject();
      for (int i = 0; i < header.size(); i++) {
        node.put(header.get(i).toLowerCase(java.util.Locale.ROOT).replace(' ', '-'), row.get(i));
      }
    }
    return array;
  }
}
