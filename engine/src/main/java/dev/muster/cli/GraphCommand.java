package dev.muster.cli;

import dev.muster.graph.FleetGraph;
import dev.muster.graph.Graph;
import dev.muster.graph.GraphMarkups;
import dev.muster.graph.GraphSvg;
import dev.muster.graph.GraphText;
import dev.muster.graph.PlanGraph;
import dev.muster.session.FoundPlan;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "graph",
    description = "Draws the steps and what they wait for; asks no cluster.",
    mixinStandardHelpOptions = true)
final class GraphCommand implements Callable<Integer> {
  /** How it is drawn. */
  enum Format {
    text,
    mermaid,
    dot,
    svg
  }

  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Option(
      names = "--plan",
      paramLabel = "PLAN",
      description = "The steps of this plan file or built-in plan, without a topology.")
  private Optional<String> plan = Optional.empty();

  @Option(
      names = "--apart",
      description = "Draw each member for itself, also those that have the same steps.")
  private boolean apart;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  @Override
  public Integer call() {
    Graph graph = plan.map(GraphCommand::ofPlan).orElseGet(this::ofTopology);
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (format) {
          case text -> top.clean(GraphText.of(graph));
          case mermaid -> GraphMarkups.mermaid(graph);
          case dot -> GraphMarkups.dot(graph);
          case svg -> GraphSvg.of(graph);
        });
    out.flush();
    return ExitCode.OK.code();
  }

  private static Graph ofPlan(String name) {
    return PlanGraph.of(FoundPlan.of(name, Path.of(name)).plan());
  }

  private Graph ofTopology() {
    Loader.Loaded loaded = files.load(SecretSources.Extent.NONE);
    return FleetGraph.of(loaded.plan(), loaded.topology(), apart);
  }
}
