package dev.muster.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.server.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The real kubectl works against simulated clusters. */
@EnabledIf("kubectlIsThere")
class KubectlTest {
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {app: web}}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: web, image: "nginx:1.27", ports: [{containerPort: 80}]}
      """;

  private static final String WIDGETS =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.shop.example}
      spec:
        group: shop.example
        scope: Namespaced
        names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wd]}
        versions:
        - name: v1
          served: true
          storage: true
          additionalPrinterColumns:
          - {name: Size, type: integer, jsonPath: .spec.size}
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    size: {type: integer}
                    secret: {type: string, format: byte}
      """;

  @TempDir Path folder;
  private ApiServer server = ApiServer.builder().start();
  private SimulatedCluster cluster = server.addCluster("host", "uid-of-host");

  static boolean kubectlIsThere() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, "kubectl"))) {
        return true;
      }
    }
    return false;
  }

  @BeforeEach
  void writeKubeconfig() throws IOException {
    Files.writeString(folder.resolve("config"), server.kubeconfig());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private record Result(int code, String out, String err) {}

  private Process start(Path errors, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("kubectl", "--cache-dir=" + folder.resolve("cache")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", folder.resolve("config").toString());
    builder.environment().putAll(environment);
    builder.directory(folder.toFile());
    builder.redirectError(errors.toFile());
    return builder.start();
  }

  private Process start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(folder.resolve("background.err"), environment, arguments);
  }

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    Path errors = folder.resolve("run.err");
    Process process = start(errors, environment, arguments);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, Files.readString(errors));
  }

  private String kubectl(String... arguments) throws Exception {
    Result result = run(Map.of(), arguments);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  private String file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    return name;
  }

  @Test
  void createsShowsAndDescribes() throws Exception {
    assertThat(kubectl("create", "-f", file("web.yaml", DEPLOYMENT)))
        .contains("deployment.apps/web created");
    assertThat(kubectl("get", "deploy")).contains("NAME", "READY", "AGE", "web", "0/2");
    assertThat(kubectl("get", "deploy/web", "-o", "jsonpath={.spec.progressDeadlineSeconds}"))
        .isEqualTo("600");
    assertThat(kubectl("describe", "deployment", "web")).contains("nginx:1.27");
    assertThat(kubectl("get", "all")).contains("deployment.apps/web");
    assertThat(kubectl("get", "namespaces")).contains("kube-system", "Active");
    assertThat(kubectl("version")).contains("v1.32.0-muster-sandbox");
    assertThat(kubectl("api-resources")).contains("deployments", "customresourcedefinitions");
    assertThat(run(Map.of(), "get", "cm", "nope").err())
        .contains("Error from server (NotFound): configmaps \"nope\" not found");
  }

  @Test
  void appliesEditsPatchesAndRestarts() throws Exception {
    file("web.yaml", DEPLOYMENT);
    assertThat(kubectl("apply", "-f", "web.yaml")).contains("created");
    assertThat(kubectl("apply", "-f", "web.yaml")).contains("unchanged");
    file("web.yaml", DEPLOYMENT.replace("replicas: 2", "replicas: 3"));
    assertThat(run(Map.of(), "diff", "-f", "web.yaml").code()).isEqualTo(1);
    assertThat(kubectl("apply", "-f", "web.yaml")).contains("configured");
    assertThat(spec("{.spec.replicas}")).isEqualTo("3");
    Path editor = folder.resolve("editor.sh");
    Files.writeString(editor, "#!/bin/sh\nsed -i 's/nginx:1.27/nginx:1.28/' \"$1\"\n");
    assertThat(editor.toFile().setExecutable(true)).isTrue();
    Result edited = run(Map.of("KUBE_EDITOR", editor.toString()), "edit", "deploy", "web");
    assertThat(edited.out() + edited.err()).contains("deployment.apps/web edited");
    assertThat(spec("{.spec.template.spec.containers[0].image}")).isEqualTo("nginx:1.28");
    kubectl(
        "patch", "deploy", "web", "--type", "json", "-p",
        "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":3},"
            + "{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]");
    Result stale =
        run(
            Map.of(),
            "patch", "deploy", "web", "--type", "json", "-p",
            "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":3}]");
    assertThat(stale.code()).isEqualTo(1);
    assertThat(stale.err()).contains("the server rejected our request due to an error in our request");
    kubectl(
        "patch", "deploy", "web", "-p",
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"b:1\"}]}}}}");
    assertThat(spec("{.spec.template.spec.containers[*].name}").split(" ", -1))
        .containsExactlyInAnyOrder("web", "side");
    assertThat(kubectl("rollout", "restart", "deploy/web")).contains("restarted");
    assertThat(spec("{.spec.template.metadata.annotations}"))
        .contains("kubectl.kubernetes.io/restartedAt");
    assertThat(kubectl("scale", "deploy/web", "--replicas=5")).contains("scaled");
    assertThat(spec("{.spec.replicas}")).isEqualTo("5");
    assertThat(kubectl("set", "image", "deploy/web", "web=nginx:1.29")).contains("updated");
    assertThat(kubectl("get", "deploy", "web", "-o", "yaml", "--show-managed-fields"))
        .contains("manager: kubectl-edit", "manager: kubectl-rollout", "f:replicas");
  }

  private String spec(String path) throws Exception {
    return kubectl("get", "deploy", "web", "-o", "jsonpath=" + path);
  }

  @Test
  void labelsAnnotatesAndDeletes() throws Exception {
    kubectl("create", "configmap", "settings", "--from-literal=a=1");
    kubectl("create", "secret", "generic", "keys", "--from-literal=k=v");
    kubectl("label", "cm", "settings", "tier=back");
    kubectl("annotate", "cm", "settings", "note=kept");
    assertThat(kubectl("get", "cm", "-l", "tier in (back,front)", "-o", "name"))
        .isEqualToIgnoringNewLines("configmap/settings");
    assertThat(kubectl("get", "secret", "keys", "-o", "jsonpath={.data.k}")).isEqualTo("dg==");
    assertThat(kubectl("delete", "cm", "settings")).contains("\"settings\" deleted");
    assertThat(kubectl("create", "ns", "team")).contains("created");
    kubectl("-n", "team", "create", "configmap", "inside");
    assertThat(kubectl("delete", "ns", "team")).contains("deleted");
    assertThat(run(Map.of(), "-n", "team", "get", "cm", "inside").code()).isEqualTo(1);
    assertThat(kubectl("auth", "can-i", "list", "secrets")).contains("yes");
  }

  @Test
  void servesCustomKinds() throws Exception {
    kubectl("create", "-f", file("crd.yaml", WIDGETS));
    kubectl("wait", "--for=condition=Established", "crd/widgets.shop.example", "--timeout=10s");
    String widget =
        "apiVersion: shop.example/v1\nkind: Widget\nmetadata: {name: one}\nspec: {size: 3}\n";
    assertThat(kubectl("apply", "-f", file("one.yaml", widget))).contains("created");
    assertThat(kubectl("get", "wd")).contains("SIZE", "one", "3");
    Result bad =
        run(Map.of(), "create", "-f", file("two.yaml", widget.replace("size: 3", "secret: ''")));
    assertThat(bad.err()).contains("must be of type byte");
    Result unknown =
        run(Map.of(), "create", "-f", file("three.yaml", widget.replace("size", "colour")));
    assertThat(unknown.err()).contains("unknown field \"spec.colour\"");
    Path editor = folder.resolve("editor.sh");
    Files.writeString(editor, "#!/bin/sh\nsed -i 's/size: 3/size: 4/' \"$1\"\n");
    assertThat(editor.toFile().setExecutable(true)).isTrue();
    assertThat(run(Map.of("KUBE_EDITOR", editor.toString()), "edit", "wd", "one").out())
        .contains("edited");
    assertThat(kubectl("get", "wd", "one", "-o", "jsonpath={.spec.size}")).isEqualTo("4");
    kubectl("delete", "crd", "widgets.shop.example");
    assertThat(run(Map.of(), "get", "widgets.shop.example").code()).isEqualTo(1);
  }

  @Test
  void waitsAndFollowsLogs() throws Exception {
    cluster.seed(
        Json.parse(
            TestClient.quoted(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','labels':{'app':'p'}},"
                    + "'spec':{'containers':[{'name':'c','image':'i:1'}]},'status':{'phase':'Running'}}")));
    cluster.logs().append("default", "p", "c", "first line");
    assertThat(kubectl("logs", "p")).isEqualTo("first line\n");
    Process follow = start(Map.of(), "logs", "-f", "-l", "app=p");
    try {
      var reader = follow.inputReader(StandardCharsets.UTF_8);
      assertThat(reader.readLine()).isEqualTo("first line");
      cluster.logs().append("default", "p", "c", "second line");
      assertThat(reader.readLine()).isEqualTo("second line");
    } finally {
      follow.destroyForcibly();
    }
    kubectl("wait", "--for=jsonpath={.status.phase}=Running", "pod/p", "--timeout=10s");
    Process gone = start(Map.of(), "wait", "--for=delete", "pod/p", "--timeout=20s");
    kubectl("delete", "pod", "p");
    assertThat(gone.waitFor(25, TimeUnit.SECONDS)).isTrue();
    assertThat(gone.exitValue()).isZero();
  }

  @Test
  void worksOverTls() throws Exception {
    server.close();
    server = ApiServer.builder().https(true).start();
    cluster = server.addCluster("host", "uid-of-host");
    server.addCluster("m1", "uid-of-m1");
    writeKubeconfig();
    assertThat(
            kubectl(
                "--context", "m1", "get", "ns", "kube-system", "-o", "jsonpath={.metadata.uid}"))
        .isEqualTo("uid-of-m1");
  }
}
