package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultRules;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches that do not tell of what happens. */
@Timeout(120)
final class LostEventsTest {
  @TempDir private Path folder;

  @Test
  void aGateThatIsToldOfNothingLooksForItself() throws Exception {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    // Of each watch the first hundred events are lost, one after the other.
    List<String> rules = List.of("hide:1 @host");
    Timing timing = Timing.fast().withInstallerRun(Duration.ofSeconds(2));
    try (Sandbox sandbox = Sandbox.start(Sandbox.Settings.of(0, "3.3", timing));
        FaultyWay way = FaultyWay.to(sandbox, FaultRules.parse(rules, Set.of("host")), told::add)) {
      Path kubeconfig = Files.writeString(folder.resolve("kubeconfig.yaml"), way.kubeconfig());
      Path topology = folder.resolve("topology.yaml");
      Files.writeString(topology, sandbox.topology(kubeconfig.toString(), true));
      StringWriter said = new StringWriter();
      PrintWriter out = new PrintWriter(said, true);

      int code = Main.run(out, out, false, "apply", "--yes", "-f", topology.toString());

      assertThat(told).as(said.toString()).isNotEmpty();
      assertThat(code).as(said.toString()).isZero();
    }
  }
}
