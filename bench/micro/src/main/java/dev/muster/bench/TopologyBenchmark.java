package dev.muster.bench;

import dev.muster.resource.Redactor;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A topology of many members and the plan for KubeSphere, read and checked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TopologyBenchmark {
  @Param({"100", "1000", "10000"})
  private int members;

  private String text = "";

  @Setup
  public void write() {
    StringBuilder lines = new StringBuilder();
    lines.append("apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: bench}\n");
    lines.append("spec:\n  host: {proxy: {address: \"http://203.0.113.1:8080\"}}\n  members:\n");
    for (int i = 1; i <= members; i++) {
      lines.append("  - {name: m-").append(i).append(", group: production}\n");
    }
    text = lines.toString();
  }

  @Benchmark
  public Loader.Loaded load() {
    return Loader.of(
        Path.of("topology.yaml"),
        text,
        new SecretSources(SecretSources.Extent.NONE, new Redactor()));
  }
}
