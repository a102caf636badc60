package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.workload.RunningPod;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** The lines of the installer's container, word for word where somebody may look for them. */
final class InstallerLog {
  private static final String RULE = "#".repeat(53);
  private static final String STARS = "*".repeat(50);
  private static final String LONG_STARS = "*".repeat(150);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter ENABLED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'UTC'");

  private final RunningPod pod;
  private final KubeSphereVersion version;

  InstallerLog(RunningPod pod, KubeSphereVersion version) {
    this.pod = pod;
    this.version = version;
  }

  /** The time as the installer writes it into status: like `date +%Y-%m-%dT%H:%M:%S%Z`. */
  static String enabledTime() {
    return LocalDateTime.now(Clock.systemUTC()).format(ENABLED);
  }

  void line(String text) {
    pod.log(text);
  }

  void play(String role) {
    line("PLAY [localhost] " + "*".repeat(62));
    line("TASK [" + role + " : KubeSphere | Running " + role + "] " + "*".repeat(20));
  }

  void failedPlay(String role, String text) {
    line(
        "fatal: [localhost]: FAILED! => {\"changed\": false, \"msg\": "
            + Json.text(Json.tree(text))
            + "}");
    line("PLAY RECAP " + "*".repeat(69));
    line("localhost                  : ok=3    changed=1    unreachable=0    failed=1");
    if (role.equals("ks-config") || role.equals("result-info")) {
      line("Failed to ansible-playbook " + role + ".yaml");
    }
  }

  void startComponent(String component) {
    line("Start installing " + component);
    line(STARS);
  }

  void waitForTasks() {
    if (version.atLeast(3, 1)) {
      line("Waiting for all tasks to be completed ...");
    }
  }

  void componentDone(String component, int done, int total) {
    if (version.atLeast(3, 1)) {
      line("task " + component + " status is successful  (" + done + "/" + total + ")");
    } else {
      line("task " + component + " status is successful");
      line("total: " + total + "     completed:" + done);
      line(STARS);
    }
  }

  void componentFailed(String component, String text) {
    ObjectNode event = Json.object();
    event.put("counter", 12).put("event", "runner_on_failed");
    ObjectNode data = event.putObject("event_data");
    data.put("play", "localhost").put("role", component).put("task", component + " | " + text);
    data.putObject("res").put("changed", true).put("msg", text).put("rc", 1).put("stderr", text);
    line("Task '" + component + "' failed:");
    line(LONG_STARS);
    Json.prettyText(event).lines().forEach(this::line);
    line(LONG_STARS);
  }

  void collecting() {
    if (version.atLeast(3, 1)) {
      line(STARS);
      line("Collecting installation results ...");
    }
  }

  void welcome(String address, int port, String password) {
    line(RULE);
    line("###              Welcome to KubeSphere!           ###");
    line(RULE);
    line("");
    line("Console: http://" + address + ":" + port);
    line("Account: admin");
    line("Password: " + password);
    line("");
    line("NOTES:");
    line("  1. After you log into the console, please check the");
    line("     monitoring status of service components in");
    line("     \"Cluster Management\". If any service is not");
    line("     ready, please wait until all components are up");
    line("     and running.");
    line("  2. Please change the default password after login.");
    line("");
    line(RULE);
    line(
        "https://kubesphere.io             "
            + LocalDateTime.now(Clock.systemUTC()).format(SECONDS));
    line(RULE);
  }
}
