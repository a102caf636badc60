package dev.muster.bench;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.yaml.YamlDocument;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A text of YAML inside a ConfigMap, of some 50 lines. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DocumentBenchmark {
  private final String text =
      Fixture.text("settings.yaml").replace("@NAME@", "m1").replace("@LEVEL@", "info");
  private final YamlDocument document = YamlDocument.parse(text);

  /** Parses it into fields. */
  @Benchmark
  public Object parse() {
    return YamlDocument.parse(text).json();
  }

  /** Changes one field and keeps every other byte. */
  @Benchmark
  public String edit() {
    return document.set(List.of("cluster", "level"), TextNode.valueOf("debug")).text();
  }
}
