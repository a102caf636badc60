package dev.muster.sandbox.controller.env;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML texts as the simulated programs read them: lenient, the last of two equal keys wins. */
public final class Manifest {
  private static final String FOLDER = "/dev/muster/sandbox/";

  private Manifest() {}

  /** One document; an empty one is an empty object. */
  public static ObjectNode yaml(String text) {
    Object value = reader().load(text);
    return value == null ? Json.object() : (ObjectNode) Json.tree(value);
  }

  /** All documents of a resource under dev/muster/sandbox, with ${name} replaced. */
  public static List<ObjectNode> resource(String path, Map<String, String> values) {
    List<ObjectNode> documents = new ArrayList<>();
    for (Object value : reader().loadAll(text(path, values))) {
      if (value != null) {
        documents.add((ObjectNode) Json.tree(value));
      }
    }
    return documents;
  }

  /** The text of a resource with ${name} replaced. */
  public static String text(String path, Map<String, String> values) {
    try (InputStream in = Manifest.class.getResourceAsStream(FOLDER + path)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + FOLDER + path);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new IllegalStateException("resource " + path + " is not readable", e);
    }
  }

  private static Yaml reader() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(true);
    options.setWarnOnDuplicateKeys(false);
    DumperOptions dumper = new DumperOptions();
    return new Yaml(
        new SafeConstructor(options), new Representer(dumper), dumper, options, new NoDates());
  }

  /** Numbers with colons and dates stay text, as in the YAML readers of Go. */
  private static final class NoDates extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(
          Tag.BOOL, Pattern.compile("true|True|TRUE|false|False|FALSE"), "tTfF", 10);
      addImplicitResolver(
          Tag.INT, Pattern.compile("[-+]?(?:0|[1-9][0-9]{0,17})"), "-+0123456789", 20);
      addImplicitResolver(
          Tag.FLOAT,
          Pattern.compile("[-+]?[0-9]+\\.[0-9]*(?:[eE][-+]?[0-9]+)?"),
          "-+0123456789",
          40);
      addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<", 10);
      addImplicitResolver(Tag.NULL, Pattern.compile("~|null|Null|NULL| "), "~nN\0", 10);
      addImplicitResolver(Tag.NULL, Pattern.compile(""), null, 10);
    }
  }
}
