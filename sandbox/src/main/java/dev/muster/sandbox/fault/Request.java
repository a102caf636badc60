package dev.muster.sandbox.fault;

/**
 * A request as the proxy sees it.
 *
 * @param number counted from 1 over all clusters, in the order of arrival
 * @param cluster to which it goes
 * @param verb as Kubernetes names them: get, list, watch, create, update, patch, delete; get for
 *     what is no resource
 * @param path below the cluster's own address, without the query
 * @param query as it was sent, or empty
 * @param turn counted from 1 among the requests of this verb for this path of this cluster; pods
 *     are not told apart by their names, which are made by chance
 */
public record Request(
    int number, String cluster, String verb, String path, String query, int turn) {
  public boolean writes() {
    return switch (verb) {
      case "create", "update", "patch", "delete" -> true;
      default -> false;
    };
  }

  static String place(String path) {
    return path.replaceAll("/pods/[^/]+", "/pods/*");
  }

  /** The same in each run that does the same work, however its parallel requests are ordered. */
  public Point point() {
    return new Point(cluster, verb, place(path), turn);
  }

  /** A place in a run: the request of this kind that comes for the given time. */
  public record Point(String cluster, String verb, String path, int turn) {
    public boolean matches(Request request) {
      return request.point().equals(this);
    }

    /** Whether the other one differs in its turn at most. */
    public boolean sameKind(Point other) {
      return cluster.equals(other.cluster) && verb.equals(other.verb) && path.equals(other.path);
    }

    @Override
    public String toString() {
      return cluster + " " + verb + " " + path + (turn == 1 ? "" : " (" + turn + ")");
    }
  }
}
