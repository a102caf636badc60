package dev.muster.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Expiring;
import dev.muster.changes.FieldView;
import dev.muster.changes.Unmanaged;
import dev.muster.drift.Author;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.drift.Shard;
import dev.muster.drift.ShardReport;
import dev.muster.live.Failure;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The report of one shard for machines: as that of a whole fleet, and under {@code shard} what is
 * needed to put it together with the others.
 */
public final class ShardJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Clean clean;

  public ShardJson(Clean clean) {
    this.clean = clean;
  }

  public String render(ShardReport part) {
    DriftReport report = part.report();
    ObjectNode root = new DriftJson(clean).tree(report, part.exitCode());
    ObjectNode shard = root.putObject("shard");
    shard.put("index", part.shard().index()).put("of", part.shard().of());
    shard.put("declaration", part.declaration()).put("exitCode", part.exitCode());
    ArrayNode clusters = shard.putArray("clusters");
    part.clusters().forEach(clusters::add);
    ArrayNode steps = shard.putArray("steps");
    part.steps().forEach(steps::add);
    ArrayNode problems = shard.putArray("problems");
    for (int i = 0; i < part.problems().size(); i++) {
      ObjectNode problem = problems.addObject();
      problem.put("rank", part.problems().get(i).rank()).put("step", part.problems().get(i).step());
      ArrayNode hints = problem.putArray("hints");
      report.problems().get(i).hints().forEach(hint -> hints.add(clean.line(hint)));
    }
    ArrayNode fields = shard.putArray("fields");
    for (DriftedField drifted : report.fields()) {
      ObjectNode field = fields.addObject().put("action", drifted.field().action());
      field.put("generated", drifted.field().generated());
      if (!drifted.field().making().isEmpty()) {
        field.put("issued", clean.line(drifted.field().making()));
      }
      ArrayNode after = field.putArray("knownAfter");
      drifted.field().knownAfter().forEach(after::add);
    }
    ArrayNode failures = shard.putArray("failures");
    report
        .clusters()
        .forEach(
            cluster ->
                failures.add(cluster.failure().map(failure -> failure.kind().name()).orElse("")));
    return root.toPrettyString() + "\n";
  }

  /**
   * Reads what {@link #render} wrote.
   *
   * @param source where it comes from, for messages
   * @throws MusterException when it is not the report of a shard
   */
  public static ShardReport read(String source, String text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root == null || !root.path("kind").asText().equals("DriftReport")) {
        throw notOne(source);
      }
      JsonNode shard = root.path("shard");
      Optional<Shard> which =
          Shard.parse(shard.path("index").asText() + "/" + shard.path("of").asText());
      if (which.isEmpty()) {
        throw MusterException.of(
            source + " is the report of a whole fleet, and no shard's", "it needs no merging");
      }
      List<ShardReport.Origin> origins = new ArrayList<>();
      shard
          .path("problems")
          .forEach(
              problem ->
                  origins.add(
                      new ShardReport.Origin(
                          problem.path("rank").asInt(), problem.path("step").asText())));
      return new ShardReport(
          source,
          which.get(),
          shard.path("declaration").asText(),
          shard.path("exitCode").asInt(),
          texts(shard.path("clusters")),
          texts(shard.path("steps")),
          origins,
          report(root, shard));
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      throw notOne(source);
    }
  }

  private static MusterException notOne(String source) {
    return MusterException.of(
        source + " is no report of muster drift",
        "name files that muster drift --shard K/N -o json has written, each as a whole");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static DriftReport report(JsonNode root, JsonNode shard) {
    List<DriftedField> fields = new ArrayList<>();
    for (int i = 0; i < root.path("fields").size(); i++) {
      fields.add(field(root.path("fields").get(i), shard.path("fields").path(i)));
    }
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < root.path("problems").size(); i++) {
      problems.add(
          Problem.error(
              Where.nowhere(),
              root.path("problems").get(i).asText(),
              texts(shard.path("problems").path(i).path("hints")).toArray(String[]::new)));
    }
    List<Unmanaged.Member> unmanaged = new ArrayList<>();
    root.path("unmanaged")
        .forEach(
            member ->
                unmanaged.add(
                    new Unmanaged.Member(
                        member.path("name").asText(), member.path("uid").asText())));
    List<Expiring> expiring = new ArrayList<>();
    root.path("expiring").forEach(each -> expiring.add(expiring(each)));
    return new DriftReport(
        root.path("topology").asText(),
        Instant.parse(root.path("at").asText()),
        clusters(root, shard),
        fields,
        texts(root.path("closedGates")),
        problems,
        new Unmanaged(unmanaged, root.path("unmanagedUnknown").asText()),
        expiring);
  }

  private static Expiring expiring(JsonNode each) {
    return new Expiring(
        each.path("cluster").asText(),
        each.path("what").asText(),
        Instant.parse(each.path("at").asText()),
        Duration.ofSeconds(each.path("secondsLeft").asLong()),
        each.path("next").asText());
  }

  private static List<ClusterReport> clusters(JsonNode root, JsonNode shard) {
    Map<String, String> why = new LinkedHashMap<>();
    root.path("unreachable")
        .forEach(each -> why.put(each.path("cluster").asText(), each.path("why").asText()));
    List<ClusterReport> clusters = new ArrayList<>();
    for (int i = 0; i < root.path("clusters").size(); i++) {
      JsonNode cluster = root.path("clusters").get(i);
      String name = cluster.path("name").asText();
      Map<String, String> labels = new LinkedHashMap<>();
      cluster
          .path("labels")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      String kind = shard.path("failures").path(i).asText();
      clusters.add(
          new ClusterReport(
              name,
              cluster.path("role").asText().equals("host"),
              cluster.path("connection").asText(),
              labels,
              kind.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      new Failure(Failure.Kind.valueOf(kind), why.getOrDefault(name, ""))),
              Optional.of(cluster.path("lastApplied").asText())
                  .filter(at -> !at.isEmpty())
                  .map(Instant::parse)));
    }
    return clusters;
  }

  private static DriftedField field(JsonNode node, JsonNode more) {
    JsonNode ref = node.path("ref");
    return new DriftedField(
        node.path("cluster").asText(),
        node.path("step").asText(),
        ObjectRef.of(
            ref.path("apiVersion").asText(),
            ref.path("kind").asText(),
            ref.path("namespace").asText(),
            ref.path("name").asText()),
        node.path("objectGone").asBoolean(),
        node.path("objectUnwanted").asBoolean(),
        new FieldView(
            node.path("path").asText(),
            more.path("action").asText(),
            value(node, "live"),
            value(node, "declared"),
            node.path("sensitive").asBoolean(),
            texts(more.path("knownAfter")),
            more.path("generated").asBoolean(),
            more.path("issued").asText(""),
            node.path("released").asBoolean()),
        DriftedField.Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
        author(node.path("author")),
        texts(node.path("outlook")));
  }

  private static String value(JsonNode node, String name) {
    return node.has(name) ? node.path(name).asText() : node.path(name + "Fingerprint").asText();
  }

  private static Optional<Author> author(JsonNode node) {
    return node.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Author(
                node.path("manager").asText(),
                node.path("operation").asText(),
                node.path("subresource").asText(),
                Optional.of(node.path("time").asText())
                    .filter(time -> !time.isEmpty())
                    .map(Instant::parse),
                node.path("likely").asBoolean()));
  }
}
