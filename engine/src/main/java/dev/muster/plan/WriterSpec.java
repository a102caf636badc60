package dev.muster.plan;

import java.util.List;

/** Another controller: it reads one object of a cluster and writes others from it. */
public record WriterSpec(String who, String reads, List<String> renders) {
  public WriterSpec {
    renders = List.copyOf(renders);
  }
}
