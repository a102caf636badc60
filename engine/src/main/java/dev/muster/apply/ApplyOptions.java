package dev.muster.apply;

import java.util.Map;

/**
 * How a run works.
 *
 * @param parallel how many steps run at once
 * @param files what the record of the run holds from the beginning, by path
 * @param trailers what the record says of its sources
 * @param summary one line for the record's beginning
 */
public record ApplyOptions(
    int parallel, Map<String, String> files, Map<String, String> trailers, String summary) {
  public ApplyOptions {
    files = Map.copyOf(files);
    trailers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(trailers));
  }
}
