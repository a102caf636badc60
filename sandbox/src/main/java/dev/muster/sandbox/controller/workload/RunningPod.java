package dev.muster.sandbox.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.LogSink;
import java.util.Optional;

/**
 * The pod in which a program runs.
 *
 * @param template the pod template it was made from
 */
public record RunningPod(
    String namespace, String name, String ip, JsonNode template, LogSink logs) {
  private JsonNode container() {
    return template.path("spec").path("containers").path(0);
  }

  /** The value of --name=value in the container's command or args; empty when it is not there. */
  public String flag(String name) {
    String start = "--" + name + "=";
    for (String list : new String[] {"command", "args"}) {
      for (JsonNode argument : container().path(list)) {
        if (argument.asText().startsWith(start)) {
          return argument.asText().substring(start.length());
        }
      }
    }
    return "";
  }

  /** The version in the image's tag. */
  public Optional<KubeSphereVersion> version() {
    return KubeSphereVersion.ofImage(container().path("image").asText());
  }

  public void log(String line) {
    logs.line(namespace, name, container().path("name").asText(), line);
  }
}
