package dev.muster.schedule;

import dev.muster.problem.MusterException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * muster in a pod of the host's own cluster, with all it needs but the secrets: these are named,
 * and lie in a Secret that its owner makes.
 *
 * @param namespace where it runs
 * @param image with muster in it
 * @param config the ConfigMap with the topology
 * @param secret the Secret with kubeconfigs and other files that the topology names
 * @param outside what the topology names
 * @param hostContext the context of the host when its access is kubectl's own: it is then the
 *     account of the pod
 * @param defaultAccess whether any other cluster is reached with kubectl's own kubeconfig
 * @param rights the account's rights on the host, as YAML
 */
public record Pod(
    Job job,
    String namespace,
    String image,
    String config,
    String secret,
    Outside outside,
    Optional<String> hostContext,
    boolean defaultAccess,
    String rights) {
  /** The ServiceAccount of the pods. */
  public static final String ACCOUNT = "muster";

  private static final String FOLDER = "/fleet";
  private static final String KUBECONFIG = "kubeconfig";

  /**
   * All objects.
   *
   * @param occasion when it runs, as a part of a sentence
   * @param more lines of comments about what it prints
   * @param workload the object that makes pods
   * @throws MusterException when the topology names files that have no place in a pod
   */
  String objects(String occasion, List<String> more, String workload) {
    List<String> elsewhere =
        outside.files().stream()
            .filter(f -> f.startsWith("/") || f.startsWith("~") || f.startsWith(".."))
            .toList();
    if (!elsewhere.isEmpty()) {
      throw MusterException.of(
          "the topology names files that a pod does not have: " + String.join(", ", elsewhere),
          "name them relative to the topology, below its folder");
    }
    StringBuilder text = new StringBuilder();
    preamble(occasion, text);
    more.forEach(line -> text.append(line).append('\n'));
    text.append("---\n").append(namespaceObject());
    text.append(rights);
    hostContext.ifPresent(context -> text.append("---\n").append(ownKubeconfig(context)));
    text.append("---\n").append(workload);
    return text.toString();
  }

  private void preamble(String occasion, StringBuilder text) {
    text.append("# muster: ").append(job.work().word()).append(" of topology ");
    text.append(job.topology()).append(", ").append(occasion);
    text.append(", in a cluster; for the host's own.\n#\n");
    text.append("# What it needs and this file does not hold:\n");
    text.append("#   kubectl -n ").append(namespace).append(" create configmap ").append(config);
    text.append(" --from-file=topology.yaml=").append(job.file().getFileName()).append('\n');
    Map<String, String> files = secretFiles();
    if (!files.isEmpty()) {
      text.append("#   kubectl -n ").append(namespace).append(" create secret generic ");
      text.append(secret).append(" \\\n");
      files.forEach(
          (key, path) ->
              text.append("#     --from-file=")
                  .append(key)
                  .append('=')
                  .append(path.equals(KUBECONFIG) ? "KUBECONFIG-OF-THE-MEMBERS" : path)
                  .append(" \\\n"));
      text.setLength(text.length() - 3);
      text.append('\n');
    }
    if (!job.variables().isEmpty()) {
      text.append("# The Secret ").append(secret).append("-env with the keys ");
      text.append(String.join(", ", job.variables())).append(".\n");
    }
    text.append("# Rights on the members: muster rbac --cluster NAME, for the account in their\n");
    text.append("# kubeconfigs.\n");
  }

  private String namespaceObject() {
    return """
    apiVersion: v1
    kind: Namespace
    metadata:
      name: %s
      labels:
        pod-security.kubernetes.io/enforce: restricted
        pod-security.kubernetes.io/warn: restricted
    """
        .formatted(namespace);
  }

  private String ownKubeconfig(String context) {
    return """
    # The host is reached from inside, as the account of the pod; no secret in it.
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: %s, namespace: %s}
    data:
      config: |
        apiVersion: v1
        kind: Config
        current-context: "%s"
        clusters:
        - name: host
          cluster:
            server: https://kubernetes.default.svc
            certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
        users:
        - name: pod
          user: {tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token}
        contexts:
        - name: "%s"
          context: {cluster: host, user: pod}
    """
        .formatted(job.name() + "-host", namespace, context, context);
  }

  /** Files of the Secret by their keys; a key has no slashes. */
  private Map<String, String> secretFiles() {
    Map<String, String> files = new LinkedHashMap<>();
    for (String file : outside.files()) {
      files.put(file.replaceAll("[^A-Za-z0-9._-]", "_"), file);
    }
    if (defaultAccess) {
      files.put(KUBECONFIG, KUBECONFIG);
    }
    return files;
  }

  /**
   * What pods are made of, to be indented.
   *
   * @param restart Never and so on
   * @param label the pods' label app; empty for none
   * @param starts fields of the container that say what it starts
   */
  String template(String restart, String label, String starts) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        template:
        %s  spec:
            serviceAccountName: %s
            automountServiceAccountToken: %s
            restartPolicy: %s
            securityContext:
              runAsNonRoot: true
              runAsUser: 65532
              runAsGroup: 65532
              fsGroup: 65532
              seccompProfile: {type: RuntimeDefault}
            containers:
            - name: muster
              image: "%s"
        """
            .formatted(
                label.isEmpty() ? "" : "  metadata: {labels: {app: " + label + "}}\n",
                ACCOUNT,
                hostContext.isPresent(),
                restart,
                image));
    text.append(starts.indent(6));
    environment(text);
    text.append(
        """
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
              resources:
                requests: {cpu: 100m, memory: 256Mi}
                limits: {memory: 768Mi}
              volumeMounts:
              - {name: fleet, mountPath: %s, readOnly: true}
              - {name: tmp, mountPath: /tmp}
            volumes:
            - {name: tmp, emptyDir: {sizeLimit: 256Mi}}
            - name: fleet
              projected:
                defaultMode: 288
                sources:
                - configMap: {name: "%s"}
        """
            .formatted(FOLDER, config));
    sources(text);
    return text.toString();
  }

  private void sources(StringBuilder text) {
    if (hostContext.isPresent()) {
      text.append("        - configMap:\n");
      text.append("            name: ").append(job.name()).append("-host\n");
      text.append("            items: [{key: config, path: own-kubeconfig}]\n");
    }
    if (!secretFiles().isEmpty()) {
      text.append("        - secret:\n");
      text.append("            name: \"").append(secret).append("\"\n");
      text.append("            items:\n");
      secretFiles()
          .forEach(
              (key, path) ->
                  text.append("            - {key: \"")
                      .append(key)
                      .append("\", path: \"")
                      .append(path)
                      .append("\"}\n"));
    }
  }

  /** The command of the container. */
  List<String> command() {
    List<String> words = new ArrayList<>(List.of("muster"));
    words.addAll(job.work().words());
    words.addAll(List.of("-f", FOLDER + "/topology.yaml"));
    return words;
  }

  private void environment(StringBuilder text) {
    String indent = " ".repeat(6);
    text.append(indent).append("env:\n");
    text.append(indent).append("- {name: HOME, value: /tmp}\n");
    List<String> kubeconfigs = new ArrayList<>();
    hostContext.ifPresent(context -> kubeconfigs.add(FOLDER + "/own-kubeconfig"));
    if (defaultAccess) {
      kubeconfigs.add(FOLDER + "/" + KUBECONFIG);
    }
    if (!kubeconfigs.isEmpty()) {
      text.append(indent)
          .append("- {name: KUBECONFIG, value: \"")
          .append(String.join(":", kubeconfigs))
          .append("\"}\n");
    }
    for (String variable : job.variables()) {
      text.append(indent).append("- name: ").append(variable).append('\n');
      text.append(indent)
          .append("  valueFrom: {secretKeyRef: {name: \"")
          .append(secret)
          .append("-env\", key: ")
          .append(variable)
          .append("}}\n");
    }
  }
}
