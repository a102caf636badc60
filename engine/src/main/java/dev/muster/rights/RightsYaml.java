package dev.muster.rights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rights as Kubernetes takes them: an account, roles with a reason at each rule, bindings. */
public final class RightsYaml {
  private static final int WIDTH = 80;
  private static final String GROUP = "rbac.authorization.k8s.io";

  private final Account account;
  private final String role;
  private final String topology;

  /**
   * @param topology whose rights they are, for a label to find them by
   * @param role the name of the roles and bindings
   */
  public RightsYaml(Account account, String role, String topology) {
    this.account = account;
    this.role = role;
    this.topology = topology;
  }

  /** All objects of one cluster, each after a line with three dashes. */
  public String render(ClusterRights rights) {
    StringBuilder text = new StringBuilder();
    for (String namespace : rights.missingNamespaces()) {
      text.append("---\n# It has to be there before there can be a role in it.\n");
      text.append("apiVersion: v1\nkind: Namespace\nmetadata: {name: ")
          .append(scalar(namespace))
          .append("}\n");
    }
    if (account.kind() == Account.Kind.SERVICE_ACCOUNT) {
      text.append("---\napiVersion: v1\nkind: ServiceAccount\n");
      metadata(text, account.name(), account.namespace());
    }
    Map<String, List<Rule>> byNamespace = new LinkedHashMap<>();
    rights
        .rules()
        .forEach(
            rule ->
                byNamespace.computeIfAbsent(rule.namespace(), n -> new ArrayList<>()).add(rule));
    byNamespace.forEach(
        (namespace, rules) -> {
          role(text, namespace, rules);
          binding(text, namespace);
        });
    return text.toString();
  }

  private void metadata(StringBuilder text, String name, String namespace) {
    text.append("metadata:\n  name: ").append(scalar(name)).append('\n');
    if (!namespace.isEmpty()) {
      text.append("  namespace: ").append(scalar(namespace)).append('\n');
    }
    text.append("  labels: {muster.dev/topology: ").append(scalar(topology)).append("}\n");
  }

  private void role(StringBuilder text, String namespace, List<Rule> rules) {
    text.append("---\napiVersion: ").append(GROUP).append("/v1\n");
    text.append("kind: ").append(namespace.isEmpty() ? "ClusterRole" : "Role").append('\n');
    metadata(text, role, namespace);
    text.append("rules:\n");
    for (Rule rule : rules) {
      rule.because().forEach(line -> comment(text, line));
      text.append("- apiGroups: [").append(scalar(rule.group())).append("]\n");
      list(text, "resources", List.of(rule.resource()));
      if (!rule.names().isEmpty()) {
        list(text, "resourceNames", rule.names());
      }
      list(text, "verbs", rule.verbs());
    }
  }

  private void binding(StringBuilder text, String namespace) {
    String kind = namespace.isEmpty() ? "ClusterRole" : "Role";
    text.append("---\napiVersion: ").append(GROUP).append("/v1\n");
    text.append("kind: ").append(kind).append("Binding\n");
    metadata(text, role, namespace);
    text.append("roleRef: {apiGroup: ").append(GROUP).append(", kind: ").append(kind);
    text.append(", name: ").append(scalar(role)).append("}\nsubjects:\n");
    text.append("- kind: ").append(account.kind().word()).append('\n');
    text.append("  name: ").append(scalar(account.name())).append('\n');
    if (account.kind() == Account.Kind.SERVICE_ACCOUNT) {
      text.append("  namespace: ").append(scalar(account.namespace())).append('\n');
    } else {
      text.append("  apiGroup: ").append(GROUP).append('\n');
    }
  }

  private static void comment(StringBuilder text, String line) {
    StringBuilder row = new StringBuilder("#");
    for (String word : line.split(" ", -1)) {
      if (row.length() + 1 + word.length() > WIDTH && row.length() > 1) {
        text.append(row).append('\n');
        row = new StringBuilder("#  ");
      }
      row.append(' ').append(word);
    }
    text.append(row).append('\n');
  }

  private static void list(StringBuilder text, String key, List<String> values) {
    List<String> words = values.stream().map(RightsYaml::scalar).toList();
    String flow = "  " + key + ": [" + String.join(", ", words) + "]";
    if (flow.length() <= WIDTH) {
      text.append(flow).append('\n');
      return;
    }
    text.append("  ").append(key).append(":\n");
    words.forEach(word -> text.append("  - ").append(word).append('\n'));
  }

  /** Quoted unless it is plainly a name. */
  private static String scalar(String value) {
    boolean plain =
        value.matches("[A-Za-z][A-Za-z0-9./-]*")
            && !value.matches("(?i)y|n|yes|no|on|off|true|false|null");
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
