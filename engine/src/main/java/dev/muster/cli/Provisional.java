package dev.muster.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Roster;
import dev.muster.resource.Redactor;
import dev.muster.session.Data;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.yaml.YamlWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A topology that only says how clusters are reached, for asking them the rest. */
final class Provisional {
  /** Stands for a context that nobody knows; requests through it fail without a connection. */
  private static final String NO_CONTEXT = "(no context)";

  private static final String HOST = "host";

  private final ImportFlow.Options options;
  private final String name;
  private final Pattern names;

  Provisional(ImportFlow.Options options, String name) {
    this.options = options;
    this.name = name;
    this.names = Pattern.compile(Data.schema("topology").at("/$defs/name/pattern").asText());
  }

  /**
   * @param members name to context, empty for one without
   */
  Loader.Loaded load(Map<String, String> members) {
    return Loader.unfinished(
        options.output(),
        text(members),
        new SecretSources(SecretSources.Extent.NONE, new Redactor()));
  }

  /** The same as it is written, for who has to correct it. */
  String text(Map<String, String> members) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "Topology");
    root.putObject("metadata").put("name", name);
    ObjectNode spec = root.putObject("spec");
    options.plan().ifPresent(plan -> spec.put("plan", plan));
    options
        .kubeconfig()
        .ifPresent(
            file ->
                spec.putObject("defaults")
                    .putObject("access")
                    .putObject("kubeconfig")
                    .put("file", file.toString()));
    ObjectNode host = spec.putObject("host").put("name", hostName(members));
    host.putObject("access").putObject("kubeconfig").put("context", options.hostContext());
    host.setAll(options.hostFields());
    var list = spec.putArray("members");
    members.forEach(
        (member, context) ->
            list.addObject()
                .put("name", member)
                .putObject("access")
                .putObject("kubeconfig")
                .put("context", context.isEmpty() ? NO_CONTEXT : context));
    return YamlWriter.write(root);
  }

  /** Whatever it will be called, it must not be called like a member here. */
  private static String hostName(Map<String, String> members) {
    String free = HOST;
    while (members.containsKey(free)) {
      free = free + "-0";
    }
    return free;
  }

  /** Those that a topology can name; the others are told. */
  List<Roster.Registered> named(List<Roster.Registered> registered, PrintWriter err) {
    return registered.stream()
        .filter(
            each -> {
              boolean fits = each.name().length() <= 63 && names.matcher(each.name()).find();
              if (!fits) {
                err.println(
                    "note: a topology cannot name the member " + each.name() + "; it is left out");
              }
              return fits;
            })
        .toList();
  }
}
