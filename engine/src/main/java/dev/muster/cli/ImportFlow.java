package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.RefusedException;
import dev.muster.changes.Roster;
import dev.muster.changes.Selection;
import dev.muster.diff.Fingerprint;
import dev.muster.intake.Found;
import dev.muster.intake.Match;
import dev.muster.intake.Matching;
import dev.muster.problem.MusterException;
import dev.muster.report.Clean;
import dev.muster.report.PlanText;
import dev.muster.report.TopologyText;
import dev.muster.session.Data;
import dev.muster.session.LiveFleet;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import dev.muster.topology.TopologyReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code import} does: find the members and their contexts, write the file, plan it. */
final class ImportFlow {
  /**
   * The options of the command; paths are absolute.
   *
   * @param contexts member to context
   * @param hostFields what is known of the host beside what is found
   * @param secrets where the kubeconfigs go that the host has; empty for nowhere
   */
  record Options(
      String hostContext,
      Optional<Path> kubeconfig,
      Map<String, String> contexts,
      Optional<String> name,
      Optional<String> plan,
      ObjectNode hostFields,
      Path output,
      boolean force,
      boolean pins,
      Optional<Path> secrets) {}

  /** What was found of one member. */
  private record Member(String name, Match match, Found found) {}

  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Options options;
  private final Provisional provisional;
  private final ImportedFiles files;

  ImportFlow(MusterCommand top, PrintWriter out, PrintWriter err, Options options) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options = options;
    this.provisional = new Provisional(options, name());
    this.files = new ImportedFiles(options);
  }

  ExitCode run() {
    files.refuseExisting(options.output());
    String text;
    try (LiveFleet fleet = new LiveFleet(options.kubeconfig(), top.redactor())) {
      text = discover(fleet);
    }
    files.write(options.output(), text, false);
    out.println("wrote " + options.output());
    out.println();
    return plan(text);
  }

  private String discover(LiveFleet fleet) {
    List<String> contexts = fleet.contexts();
    Loader.Loaded hostOnly = hostOnly();
    List<Roster.Registered> registered;
    String hostUid;
    try (Session session = Session.open(hostOnly, top.redactor())) {
      hostUid = fleet.hostUid(session);
      registered = provisional.named(fleet.registered(session), err);
    }
    Map<String, String> shown;
    try (Session session = Session.open(provisional.load(names(registered)), top.redactor())) {
      shown = fleet.shownUids(session, registered);
    }
    Matching matching = new Matching(contexts, hostUid, fleet::identities);
    Map<String, Match> matches = matching.match(shown, options.contexts());
    if (!matching.problems().isEmpty()) {
      throw new RefusedException(matching.problems());
    }
    try (Session session = Session.open(provisional.load(found(matches)), top.redactor())) {
      Found host = fleet.host(session);
      List<Member> members = new ArrayList<>();
      Map<String, Found> found = fleet.members(session, registered, options.secrets().isPresent());
      found.forEach(
          (name, fields) ->
              members.add(
                  new Member(name, matches.getOrDefault(name, new Match.None("")), fields)));
      tell(hostUid, members, session.clean());
      return render(session, hostUid, host, members);
    }
  }

  private Loader.Loaded hostOnly() {
    try {
      return provisional.load(Map.of());
    } catch (MusterException e) {
      if (!options.hostFields().isEmpty()) {
        err.println("with what --host-field says, the file would begin as follows:");
        err.print(provisional.text(Map.of()).indent(2));
      }
      throw e;
    }
  }

  private static Map<String, String> names(List<Roster.Registered> registered) {
    Map<String, String> names = new LinkedHashMap<>();
    registered.forEach(each -> names.put(each.name(), ""));
    return names;
  }

  private static Map<String, String> found(Map<String, Match> matches) {
    Map<String, String> contexts = new LinkedHashMap<>();
    matches.forEach(
        (name, match) ->
            contexts.put(name, match instanceof Match.Found found ? found.context() : ""));
    return contexts;
  }

  private void tell(String hostUid, List<Member> members, Clean clean) {
    out.println("host: context " + options.hostContext() + ", kube-system UID " + hostUid);
    for (Member member : members) {
      String line =
          member.match() instanceof Match.Found found
              ? "context " + found.context() + ", " + found.how().words() + verified(found)
              : "no context: " + ((Match.None) member.match()).why();
      out.println("member " + clean.line(member.name()) + ": " + clean.line(line));
    }
    if (members.isEmpty()) {
      out.println("no member is registered on the host");
    }
  }

  private static String verified(Match.Found found) {
    return found.verified() ? ", UID verified" : "; " + found.doubt();
  }

  private String render(Session session, String hostUid, Found host, List<Member> members) {
    JsonNode schema = TopologyReader.compose(Data.schema("topology"), session.planFile().inputs());
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    List<String> heading =
        List.of(
            "What muster import found on "
                + today
                + " through context "
                + options.hostContext()
                + ".",
            "Look it through, keep it in git, and run: muster plan -f "
                + options.output().getFileName());
    ObjectNode ofHost = JsonNodeFactory.instance.objectNode();
    if (options.pins()) {
      ofHost.put("uid", hostUid);
    }
    ofHost.setAll(host.fields());
    ofHost.setAll(options.hostFields());
    access(ofHost, ofHost.path("name").asText("host"), options.hostContext());
    List<TopologyText.Entry> entries = new ArrayList<>();
    members.forEach(member -> entries.add(entry(member)));
    return new TopologyText(schema, session.clean())
        .render(
            new TopologyText.Head(
                heading,
                name(),
                options.plan().orElse(""),
                options.kubeconfig().map(files::relative).orElse("")),
            new TopologyText.Entry(
                ofHost,
                Stream.concat(host.missing().stream(), host.notes().stream()).toList(),
                false),
            entries);
  }

  private TopologyText.Entry entry(Member member) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode().put("name", member.name());
    List<String> notes = new ArrayList<>();
    boolean off = false;
    if (member.match() instanceof Match.Found found) {
      if (options.pins() && !found.uid().isEmpty()) {
        fields.put("uid", found.uid());
      }
      access(fields, member.name(), found.context());
      if (!found.doubt().isEmpty()) {
        notes.add(member.name() + ": " + found.doubt());
      }
      // Where nobody could be asked, that much is said already.
      member.found().missing().forEach(what -> notes.add(member.name() + ": " + what));
    } else {
      off = true;
      notes.add(
          member.name()
              + " is left out: "
              + ((Match.None) member.match()).why()
              + ". Name its context and take the comment signs away:");
      access(fields, member.name(), "FILL-IN");
    }
    fields.setAll(member.found().fields());
    for (String key : member.found().secrets().keySet()) {
      off |= secret(member, key, fields, notes);
    }
    member.found().notes().forEach(note -> notes.add(member.name() + ": " + note));
    return new TopologyText.Entry(fields, notes, off);
  }

  /** Whether the member has to wait until somebody has filled in where its secret is. */
  private boolean secret(Member member, String key, ObjectNode fields, List<String> notes) {
    if (options.secrets().isEmpty()) {
      notes.add(
          member.name()
              + " is left out: the topology has to say where its "
              + key
              + " is. The host has it, and import writes it out with --kubeconfig-dir only. Name the file and take the comment signs away:");
      fields.putObject(key).put("file", "FILL-IN");
      return true;
    }
    Path file = options.secrets().get().resolve(member.name() + "." + key + ".yaml");
    files.write(file, String.valueOf(member.found().secrets().get(key)), true);
    out.println("wrote " + file + ", which is as good as a password: keep it out of git");
    fields.putObject(key).put("file", files.relative(file));
    return false;
  }

  private static void access(ObjectNode fields, String name, String context) {
    if (!name.equals(context)) {
      fields.putObject("access").putObject("kubeconfig").put("context", context);
    }
  }

  private String name() {
    String made = options.hostContext().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    made = made.substring(0, Math.min(60, made.length())).replaceAll("^-+|-+$", "");
    return options.name().orElse(made.isEmpty() ? "fleet" : made);
  }

  /** The plan right after, as anybody would make it. */
  private ExitCode plan(String text) {
    Loader.Loaded loaded;
    try {
      loaded =
          Loader.of(
              options.output(), text, new SecretSources(SecretSources.Extent.ALL, top.redactor()));
    } catch (MusterException e) {
      err.println("what was found is no valid topology; correct these in the file:");
      throw e;
    }
    try (Session session = Session.open(loaded, top.redactor())) {
      ChangeSet changeSet = session.plan(Selection.everything());
      out.print(
          new PlanText(
                  session.planFile(),
                  session.topology(),
                  Fingerprint.withNewKey(new SecureRandom()),
                  session.clean(),
                  top.style())
              .render(changeSet));
      if (changeSet.hasWork()) {
        out.println(
            "so the fleet is not as the file declares it: apply would make the changes above; nothing was changed");
      }
      out.flush();
      return PlanCommand.exitCode(changeSet, changeSet.hasWork());
    }
  }
}
