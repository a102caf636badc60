package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Clusters that are played in this process from what was recorded of real ones. Found by
 * ServiceLoader as a {@link Provider}; ends with all of them gone.
 */
public interface RehearsalStage extends AutoCloseable {
  /** A kubeconfig whose contexts have the names of the clusters. */
  String kubeconfig();

  /** What had to be assumed because no record says it; sentences for people. */
  List<String> assumptions();

  @Override
  void close();

  /** Makes stages; implemented by another module. */
  interface Provider {
    /**
     * Plays these clusters; returns when they are as they were recorded.
     *
     * @throws dev.muster.problem.MusterException when they cannot be played
     */
    RehearsalStage start(Fleet fleet);
  }

  /** What was recorded. */
  record Fleet(List<RecordedCluster> clusters) {
    public Fleet {
      clusters = List.copyOf(clusters);
    }
  }

  /**
   * One cluster.
   *
   * @param uid of its namespace kube-system
   * @param reached whether it answered when it was recorded
   * @param objects whole, with placeholders in the place of secrets
   */
  record RecordedCluster(
      String name, boolean host, String uid, boolean reached, List<JsonNode> objects) {
    public RecordedCluster {
      objects = List.copyOf(objects);
    }
  }
}
