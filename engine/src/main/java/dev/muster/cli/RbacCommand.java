package dev.muster.cli;

import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.rights.ClusterRights;
import dev.muster.rights.NeededRights;
import dev.muster.rights.RightsYaml;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.topology.ClusterDeclaration;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "rbac",
    description =
        "Prints the least rights that the plan needs in each cluster, as YAML for kubectl apply. Asks no cluster.",
    mixinStandardHelpOptions = true)
final class RbacCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private RightsOptions rights;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Only this cluster (default: all; members with the same rights once).")
  private Optional<String> cluster = Optional.empty();

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load(SecretSources.Extent.NONE);
    Map<String, ClusterRights> all =
        NeededRights.of(loaded.plan(), loaded.topology(), rights.purpose());
    Map<String, List<ClusterDeclaration>> byText = new LinkedHashMap<>();
    RightsYaml yaml = rights.yaml(loaded.topology());
    for (ClusterDeclaration each : chosen(loaded)) {
      ClusterRights own = all.get(each.name());
      if (own != null) {
        byText.computeIfAbsent(yaml.render(own), t -> new ArrayList<>()).add(each);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    byText.forEach(
        (text, clusters) -> {
          heading(loaded, clusters).forEach(out::println);
          out.print(text);
        });
    return ExitCode.OK.code();
  }

  private List<ClusterDeclaration> chosen(Loader.Loaded loaded) {
    if (cluster.isEmpty()) {
      return loaded.topology().clusters();
    }
    List<String> names =
        loaded.topology().clusters().stream().map(ClusterDeclaration::name).toList();
    return loaded
        .topology()
        .cluster(cluster.get())
        .map(List::of)
        .orElseThrow(
            () ->
                MusterException.of(
                    "no cluster is called \"" + cluster.get() + "\"",
                    Suggestion.closest(cluster.get(), names)
                        .map(close -> "did you mean " + close + "?")
                        .orElse("the clusters are: " + String.join(", ", names))));
  }

  private List<String> heading(Loader.Loaded loaded, List<ClusterDeclaration> clusters) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# "
            + (clusters.get(0).host() ? "host " : clusters.size() > 1 ? "members " : "member ")
            + String.join(", ", clusters.stream().map(ClusterDeclaration::name).toList())
            + " of topology "
            + loaded.topology().name()
            + ", plan "
            + loaded.plan().title());
    if (clusters.stream().anyMatch(ClusterDeclaration::courier)) {
      lines.add("# for whoever applies the bundles there");
    }
    String first = clusters.get(0).name();
    lines.add(
        "#   muster rbac --for "
            + rights.purpose().name().toLowerCase(java.util.Locale.ROOT)
            + " --cluster "
            + first
            + " | kubectl --context "
            + clusters.get(0).access().context()
            + " apply -f -");
    return lines;
  }
}
