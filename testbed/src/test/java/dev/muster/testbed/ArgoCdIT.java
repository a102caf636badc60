package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.credential.AccountToken;
import dev.muster.testbed.secret.Canaries;
import dev.muster.testbed.secret.Places;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters are registered with Argo CD, their tokens renewed, and taken out again. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ArgoCdIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARGO_CD = "/api/v1/namespaces/argocd/";
  private static final String SECRETS = ARGO_CD + "secrets/";
  private static final String ACCOUNT =
      "/api/v1/namespaces/kube-system/serviceaccounts/argocd-manager";
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

  /** All that were issued, as far as the tests have looked. */
  private static final Set<String> TOKENS = new LinkedHashSet<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @SuppressWarnings("NullAway.Init")
  private static Muster muster;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("hub", "east", "west");
    fleet.cluster("hub").createNamespace("argocd");
    fleet
        .cluster("hub")
        .api()
        .create(
            "/api/v1/namespaces/argocd/configmaps",
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"argocd-cm\"}}")
        .ok();
    muster = Muster.in(folder.resolve("repository"));
    muster.write(".gitignore", "kubeconfig.yaml\nsaved.json\n");
    muster.write("kubeconfig.yaml", fleet.auditedKubeconfig());
    declare("{name: hub}", "", "");
  }

  @AfterAll
  static void end() {
    muster.close();
    fleet.close();
  }

  private static void declare(String host, String east, String west) {
    String authority = base64(fleet.certificate());
    muster.topology(
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: delivery}
        spec:
          plan: argocd
          defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}
          host: %s
          members:
          - {name: east, server: "%s", caData: %s, labels: {region: eu}%s}
          - {name: west, server: "%s", caData: %s, project: shop, namespaces: [shop, jobs], clusterResources: true%s}
        """
            .formatted(host, server("east"), authority, east, server("west"), authority, west));
  }

  private static String server(String cluster) {
    return fleet.cluster(cluster).url().toString();
  }

  @Test
  @Order(1)
  void tellsWhatWillBeIssuedAndHasNothingIssued() {
    assertThat(muster.run("plan"))
        .exitsWith(0)
        .says(
            "issued by east when written, for ServiceAccount/kube-system/argocd-manager, 720h: there is none yet");
    assertThat(muster.run("apply", "--dry-run")).exitsWith(0);
    assertThat(muster.run("plan", "--out", "saved.json")).exitsWith(0);
    assertThat(issued("east")).isZero();
    assertThat(issued("west")).isZero();
  }

  @Test
  @Order(2)
  void registersBothAsArgoCdDoes() throws IOException {
    assertThat(muster.run("apply", "saved.json", "--yes")).exitsWith(0);

    JsonNode east = secret("east");
    assertThat(east.path("type").asText()).isEqualTo("Opaque");
    assertThat(east.at("/metadata/labels/argocd.argoproj.io~1secret-type").asText())
        .isEqualTo("cluster");
    assertThat(east.at("/metadata/labels/region").asText()).isEqualTo("eu");
    assertThat(east.path("data").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("name", "server", "config");
    assertThat(data(east, "name")).isEqualTo("east");
    assertThat(data(east, "server")).isEqualTo(server("east"));
    JsonNode config = JSON.readTree(data(east, "config"));
    assertThat(config.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("bearerToken", "tlsClientConfig");
    assertThat(config.path("tlsClientConfig"))
        .isEqualTo(
            JSON.createObjectNode()
                .put("insecure", false)
                .put("caData", base64(fleet.certificate())));
    JsonNode west = secret("west");
    assertThat(data(west, "project")).isEqualTo("shop");
    assertThat(data(west, "namespaces")).isEqualTo("shop,jobs");
    assertThat(data(west, "clusterResources")).isEqualTo("true");

    AccountToken token = AccountToken.read(token("east")).orElseThrow();
    assertThat(token.subject()).isEqualTo("system:serviceaccount:kube-system:argocd-manager");
    assertThat(token.uid()).isEqualTo(member("east", ACCOUNT).at("/metadata/uid").asText());
    assertThat(issued("east")).isEqualTo(1);
  }

  @Test
  @Order(3)
  void givesTheAccountWhatArgoCdGivesItsOwn() throws IOException {
    assertThat(member("east", RBAC + "clusterroles/argocd-manager-role").path("rules"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"apiGroups":["*"],"resources":["*"],"verbs":["*"]},{"nonResourceURLs":["*"],"verbs":["*"]}]
                """));
    JsonNode binding = member("east", RBAC + "clusterrolebindings/argocd-manager-role-binding");
    assertThat(binding.at("/roleRef/name").asText()).isEqualTo("argocd-manager-role");
    assertThat(binding.at("/subjects/0/name").asText()).isEqualTo("argocd-manager");
    Api argoCd = fleet.cluster("east").apiAs(token("east"));
    assertThat(argoCd.get("/api/v1/namespaces").status()).isEqualTo(200);
    assertThat(argoCd.get("/metrics").status()).isEqualTo(200);
  }

  @Test
  @Order(4)
  void hasNothingMoreToDo() {
    assertThat(muster.run("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(muster.run("drift")).exitsWith(0);
    assertThat(muster.run("status")).exitsWith(0).says("TOKEN UNTIL", server("east"));
    assertThat(muster.run("drift", "--expiring", "800h")).says("the token that Argo CD has for it");
    assertThat(issued("east")).isEqualTo(1);
  }

  /** The account was made anew: its tokens are worth nothing. */
  @Test
  @Order(5)
  void issuesAnotherOneForAnotherAccount() {
    String before = token("east");
    fleet.cluster("east").api().delete(ACCOUNT).ok();
    assertThat(muster.run("apply", "--yes")).exitsWith(0);
    assertThat(token("east")).isNotEqualTo(before);
    assertThat(AccountToken.read(token("east")).orElseThrow().uid())
        .isEqualTo(member("east", ACCOUNT).at("/metadata/uid").asText());
  }

  @Test
  @Order(6)
  void renewsWhatHasTooLittleLeftAndCallsItDrift() {
    String east = token("east");
    String west = token("west");
    declare("{name: hub, tokenRenewal: 719h59m59s}", "", "");
    Wait.until(
        "each has a second less left than all",
        () -> isOlderThanASecond(east) && isOlderThanASecond(west));

    assertThat(muster.run("drift")).exitsWith(2).says("to be renewed", "it expires at");
    assertThat(token("east")).isEqualTo(east);
    assertThat(muster.run("apply", "--yes")).exitsWith(0);
    assertThat(token("east")).isNotEqualTo(east);
    assertThat(token("west")).isNotEqualTo(west);
    declare("{name: hub}", "", "");
    assertThat(muster.run("plan", "--detailed-exitcode")).exitsWith(0);
  }

  private static boolean isOlderThanASecond(String token) {
    Instant issued = AccountToken.read(token).flatMap(AccountToken::issued).orElseThrow();
    return !Instant.now().isBefore(issued.plusSeconds(1));
  }

  @Test
  @Order(7)
  void listsTheRightToIssue() {
    assertThat(muster.run("rbac", "--for", "apply", "--cluster", "east"))
        .exitsWith(0)
        .says("serviceaccounts/token", "argocd-manager");
    assertThat(muster.run("rbac", "--for", "drift", "--cluster", "east").out())
        .doesNotContain("serviceaccounts/token");
  }

  /** Argo CD in a namespace of another name, which nothing on the host would tell. */
  @Test
  @Order(8)
  void importsWhatAnotherArgoCdHas() throws IOException {
    fleet.cluster("hub").createNamespace("gitops");
    for (String kind : List.of("configmaps/argocd-cm", "secrets/cluster-east")) {
      ObjectNode copy =
          (ObjectNode) fleet.cluster("hub").api().get(ARGO_CD + kind).ok().json().deepCopy();
      copy.withObject("/metadata").remove(List.of("namespace", "uid", "resourceVersion"));
      fleet
          .cluster("hub")
          .api()
          .create(
              "/api/v1/namespaces/gitops/" + kind.substring(0, kind.indexOf('/')), copy.toString())
          .ok();
    }

    Muster.Result found = imported("gitops.yaml", "--host-field", "namespace=gitops");
    assertThat(found).says("member east: context east");
    assertThat(Files.readString(muster.repository().resolve("gitops.yaml")))
        .contains("namespace: gitops", "server: " + server("east"), "region: eu")
        .doesNotContain("west");
    assertThat(imported("found.yaml")).says("member east", "member west");

    assertThat(imported("wrong.yaml", "--host-field", "nmespace=gitops"))
        .exitsWith(1)
        .says("the file would begin as follows", "nmespace: gitops", "namespace");
    assertThat(imported("wrong.yaml", "--host-field", "namespace=Git_Ops"))
        .exitsWith(1)
        .says("namespace: Git_Ops");
    assertThat(imported("wrong.yaml", "--host-field", "uid=1")).says("import writes this itself");
    assertThat(muster.repository().resolve("wrong.yaml")).doesNotExist();
  }

  private static Muster.Result imported(String file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("import", "--plan", "argocd", "--kubeconfig", "kubeconfig.yaml"));
    arguments.addAll(List.of("--host-context", "hub", "-o", file));
    arguments.addAll(List.of(more));
    return muster.run(arguments.toArray(String[]::new));
  }

  @Test
  @Order(9)
  void takesOneOutTheSecretFirst() {
    declare("{name: hub}", "", ", state: absent");
    assertThat(muster.run("apply", "--yes")).exitsWith(0);

    assertThat(fleet.cluster("hub").api().get(SECRETS + "cluster-west").status()).isEqualTo(404);
    for (String path :
        List.of(
            ACCOUNT,
            RBAC + "clusterroles/argocd-manager-role",
            RBAC + "clusterrolebindings/argocd-manager-role-binding")) {
      assertThat(fleet.cluster("west").api().get(path).status()).as(path).isEqualTo(404);
    }
    assertThat(secret("east").isObject()).isTrue();
  }

  @Test
  @Order(10)
  void showsNoTokenAnywhere() {
    for (String command :
        List.of(
            "plan -o json",
            "plan -o markdown",
            "drift -o json",
            "drift -o html",
            "status -o json",
            "doctor",
            "why east",
            "why --trace cluster[east]",
            "history -o json",
            "show",
            "blame east",
            "diff --last 2",
            "graph -o mermaid",
            "rbac --for apply")) {
      Muster.Result result = muster.run((command + " --debug").split(" "));
      assertThat(result.err()).doesNotContain("usage", "fault in muster itself");
    }
    Canaries canaries = new Canaries();
    // What it says before its signature, such as the name of the API server, stands in certificates
    // too.
    TOKENS.forEach(token -> canaries.add("a token", token.substring(token.lastIndexOf('.') + 1)));
    assertThat(TOKENS).hasSizeGreaterThan(3);
    assertThat(Places.of(muster, file -> file.endsWith("kubeconfig.yaml")).holding(canaries))
        .isEmpty();
    for (Muster.Result result : muster.results()) {
      assertThat(result.out() + result.err()).doesNotContain("eyJ");
    }
  }

  private static long issued(String cluster) {
    return fleet.cluster(cluster).audit().requests().stream()
        .filter(request -> request.path().endsWith("/token"))
        .count();
  }

  private static JsonNode secret(String member) {
    return fleet.cluster("hub").api().get(SECRETS + "cluster-" + member).ok().json();
  }

  private static JsonNode member(String cluster, String path) {
    return fleet.cluster(cluster).api().get(path).ok().json();
  }

  private static String data(JsonNode secret, String key) {
    return new String(
        Base64.getDecoder().decode(secret.path("data").path(key).asText()), StandardCharsets.UTF_8);
  }

  private static String token(String member) {
    try {
      String token = JSON.readTree(data(secret(member), "config")).path("bearerToken").asText();
      TOKENS.add(token);
      return token;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
