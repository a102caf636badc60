package dev.muster.session;

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

  /**
   * What was recorded.
   *
   * @param doors kubeconfigs besides the runner's own
   */
  record Fleet(List<RecordedCluster> clusters, List<Door> doors) {
    public Fleet {
      clusters = List.copyOf(clusters);
      doors = List.copyOf(doors);
    }
  }

  /**
   * A kubeconfig, wherever it stands: its secrets are placeholders, so it has to be known where it
   * leads.
   *
   * @param kubeconfig its text; the same content in another layout is the same one
   * @param cluster name of the recorded cluster behind it; empty for none of them
   */
  record Door(String kubeconfig, String cluster) {}

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
