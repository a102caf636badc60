package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.YamlText;

/**
 * The text of kubesphere.yaml as the installer's templates give it: by string assembly, so with
 * Python's booleans, runs of blank lines and, where a user has said something himself, keys that
 * appear twice.
 */
public final class ConfigRenderer {
  private final KubeSphereVersion version;
  private final JsonNode spec;
  private final String jwtSecret;
  private final StringBuilder text = new StringBuilder();

  private ConfigRenderer(KubeSphereVersion version, JsonNode spec, String jwtSecret) {
    this.version = version;
    this.spec = spec;
    this.jwtSecret = jwtSecret;
  }

  /**
   * Renders the configuration.
   *
   * @param spec spec of the ClusterConfiguration as it was when the run began
   * @param jwtSecret the value in Secret kubesphere-secret, which counts, not the one in the spec
   */
  public static String render(KubeSphereVersion version, JsonNode spec, String jwtSecret) {
    ConfigRenderer renderer = new ConfigRenderer(version, spec, jwtSecret);
    renderer.all();
    return renderer.text.toString();
  }

  /** The image that a host hands to its agents. */
  static String towerImage(KubeSphereVersion version, JsonNode spec) {
    String tag = "v0.2.0";
    if (!version.atLeast(3, 1)) {
      tag = "v0.1.0";
    } else if (version.atLeast(3, 4)) {
      tag = "v0.2.1";
    }
    String space = spec.path("namespace_override").asText();
    String image = (space.isEmpty() ? "kubesphere" : space) + "/tower:" + tag;
    String registry = spec.path("local_registry").asText();
    return registry.isEmpty() ? image : registry + "/" + image;
  }

  private void all() {
    authentication();
    if (version.atLeast(3, 3)) {
      line("network:");
      line("  ippoolType: none");
      multicluster();
      monitoring();
      gpuAndNotification();
      text.append("\n\n");
      terminalAndGateway();
    } else if (version.atLeast(3, 2)) {
      text.append("\n\n");
      line("network:");
      line("  ippoolType: none");
      multicluster();
      monitoring();
      gpuAndNotification();
    } else if (version.atLeast(3, 1)) {
      text.append("\n\n\n\n\n");
      line("network:");
      line("  ippoolType: none");
      multicluster();
      monitoring();
    } else {
      directories();
      multicluster();
      monitoring();
    }
  }

  private void authentication() {
    JsonNode console = spec.path("common").path("core").path("console");
    if (console.isMissingNode()) {
      console = spec.path("console");
    }
    line("authentication:");
    line("  authenticateRateLimiterMaxTries: 10");
    line("  authenticateRateLimiterDuration: 10m0s");
    line("  loginHistoryRetentionPeriod: 168h");
    line("  maximumClockSkew: 10s");
    line(
        "  multipleLogin: "
            + (console.path("enableMultiLogin").asBoolean(true) ? "True" : "False"));
    line("  kubectlImage: kubesphere/kubectl:" + kubectl());
    line("  jwtSecret: \"" + jwtSecret + "\"");
    oauthOptions();
  }

  private String kubectl() {
    if (version.atLeast(3, 3)) {
      return "v1.22.0";
    }
    return version.atLeast(3, 2) ? "v1.21.0" : "v1.0.0";
  }

  /**
   * Each generation has its own idea of what a user's own options and a member's token age mean
   * together.
   */
  private void oauthOptions() {
    JsonNode own = spec.path("authentication").path("oauthOptions");
    boolean hasOwn = own.isObject() && !own.isEmpty();
    boolean member = role().equals("member");
    if (version.atLeast(3, 3)) {
      line("  oauthOptions:");
      if (hasOwn) {
        indented(own);
      }
      if (member) {
        line("    accessTokenMaxAge: 0");
      }
      line("    clients:");
      line("    - name: kubesphere");
      line("      secret: kubesphere");
      line("      redirectURIs:");
      line("      - '*'");
      return;
    }
    boolean ownWins = hasOwn && (version.atLeast(3, 2) ? !member : version.atLeast(3, 1));
    if (ownWins) {
      line("  oauthOptions:");
      indented(own);
    } else if (member) {
      line("  oauthOptions:");
      line("    accessTokenMaxAge: 0");
    }
  }

  private void indented(JsonNode tree) {
    YamlText.of(tree).lines().forEach(each -> line("    " + each));
  }

  private void multicluster() {
    String role = role();
    boolean host = role.equals("host");
    if (version.atLeast(3, 3)) {
      line("multicluster:");
      line("  clusterRole: " + role);
      if (role.equals("member")) {
        line("  enable: false");
      }
    } else if (host) {
      line("multicluster:");
    }
    if (!host) {
      return;
    }
    line("  enable: true");
    line("  agentImage: " + towerImage(version, spec));
    line("  proxyPublishService: tower.kubesphere-system.svc");
    JsonNode given = spec.path("multicluster");
    copied(given, "proxyPublishAddress");
    if (version.atLeast(3, 2)) {
      copied(given, "hostClusterName");
      copied(given, "clusterControllerResyncPeriod");
    }
  }

  /** As it stands: no quotes, no check. */
  private void copied(JsonNode from, String field) {
    String value = from.path(field).asText();
    if (!value.isEmpty()) {
      line("  " + field + ": " + value);
    }
  }

  private void monitoring() {
    String fallback = "http://prometheus-operated.kubesphere-monitoring-system.svc:9090";
    line("monitoring:");
    line("  endpoint: " + spec.path("common").path("monitoring").path("endpoint").asText(fallback));
    if (version.atLeast(3, 2)) {
      line("  enableGPUMonitoring: false");
    }
  }

  private void directories() {
    line("ldap:");
    line("  host: openldap.kubesphere-system.svc:389");
    line("  managerDN: cn=admin,dc=kubesphere,dc=io");
    line("  managerPassword: admin");
    line("  userSearchBase: ou=Users,dc=kubesphere,dc=io");
    line("  groupSearchBase: ou=Groups,dc=kubesphere,dc=io");
    line("redis:");
    line("  host: redis.kubesphere-system.svc");
    line("  port: 6379");
    line("  password: \"\"");
    line("  db: 0");
  }

  private void gpuAndNotification() {
    line("gpu:");
    line("  kinds:");
    line("  - resourceName: nvidia.com/gpu");
    line("    resourceType: GPU");
    line("    default: True");
    line("notification:");
    line("  endpoint: http://notification-manager-svc.kubesphere-monitoring-system.svc:19093");
  }

  private void terminalAndGateway() {
    line("terminal:");
    line("  image: alpine:3.14");
    line("  timeout: " + spec.path("terminal").path("timeout").asInt(600));
    line("gateway:");
    line("  watchesPath: /var/helm-charts/watches.yaml");
    line("  repository: kubesphere/nginx-ingress-controller");
    line("  tag: " + (version.atLeast(3, 4) ? "v1.3.1" : "v1.1.0"));
    line("  namespace: kubesphere-controls-system");
  }

  private String role() {
    return spec.path("multicluster").path("clusterRole").asText("none");
  }

  private void line(String content) {
    text.append(content).append('\n');
  }
}
