package dev.muster.report;

import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftedField;
import java.util.List;
import java.util.Map;

/**
 * The fleet as a picture: the host above, its members in rows below, each with its connection. A
 * state is told by colour, shape and a sign.
 */
final class DriftPicture {
  private static final int WIDTH = 170;
  private static final int HEIGHT = 52;
  private static final int GAP = 22;
  private static final int TOP = 14;

  /** Beyond so many members they are drawn small, with their names as tooltips. */
  private static final int LARGE = 60;

  private static final int SMALL = 22;

  private final List<ClusterReport> clusters;
  private final Map<String, Map<String, List<DriftedField>>> objects;
  private final StringBuilder svg = new StringBuilder();

  DriftPicture(List<ClusterReport> clusters, Map<String, Map<String, List<DriftedField>>> objects) {
    this.clusters = clusters;
    this.objects = objects;
  }

  String render() {
    List<ClusterReport> members = clusters.stream().filter(c -> !c.host()).toList();
    boolean small = members.size() > LARGE;
    int columns = small ? 34 : Math.max(1, Math.min(5, members.size()));
    int stepX = small ? SMALL + 8 : WIDTH + GAP;
    int stepY = small ? SMALL + 14 : HEIGHT + 38;
    int rows = (members.size() + columns - 1) / columns;
    int width = Math.max(WIDTH, columns * stepX - (stepX - (small ? SMALL : WIDTH))) + 48;
    int first = TOP + HEIGHT + 44;
    int height = members.isEmpty() ? TOP + HEIGHT + 14 : first + rows * stepY;
    svg.append("<svg role=\"img\" aria-labelledby=\"picture\" width=\"")
        .append(width)
        .append("\" height=\"")
        .append(height)
        .append("\" viewBox=\"0 0 ")
        .append(width + " " + height)
        .append("\">\n");
    int middle = width / 2;
    if (!members.isEmpty()) {
      line("wire", middle, TOP + HEIGHT, middle, first - 22 + (small ? 8 : 0));
      int bottom = first + (rows - 1) * stepY - 22;
      if (rows > 1) {
        line("wire", 10, first - 22, 10, bottom);
      }
    }
    for (int row = 0; row < rows; row++) {
      int y = first + row * stepY;
      int count = Math.min(columns, members.size() - row * columns);
      int left = 24;
      int half = small ? SMALL / 2 : WIDTH / 2;
      int from = rows > 1 ? 10 : Math.min(middle, left + half);
      line(
          "wire",
          from,
          y - 22 + (small ? 8 : 0),
          Math.max(left + (count - 1) * stepX + half, row == 0 ? middle : 0),
          y - 22 + (small ? 8 : 0));
      for (int column = 0; column < count; column++) {
        ClusterReport member = members.get(row * columns + column);
        int x = left + column * stepX;
        line(wire(member), x + half, y - 22 + (small ? 8 : 0), x + half, y);
        node(member, x, y, small);
      }
    }
    clusters.stream()
        .filter(ClusterReport::host)
        .forEach(host -> node(host, middle - WIDTH / 2, TOP, false));
    return svg.append("</svg>\n").toString();
  }

  static String wire(ClusterReport member) {
    return switch (member.connection()) {
      case "proxy" -> "wire";
      case "direct" -> "wire direct";
      default -> "wire other";
    };
  }

  private void node(ClusterReport cluster, int x, int y, boolean small) {
    ClusterHealth health = health(cluster);
    String name = Markup.escape(cluster.name());
    svg.append("<a class=\"")
        .append(health)
        .append("\" href=\"#c-")
        .append(name)
        .append("\" aria-label=\"")
        .append(cluster.host() ? "host " : "member ")
        .append(name)
        .append(": ")
        .append(health.words)
        .append("\">");
    if (small) {
      svg.append("<title>").append(name).append(": ").append(health.words).append("</title>");
      svg.append(sign(health, x + SMALL / 2, y + SMALL / 2));
    } else {
      svg.append("<rect class=\"box\" rx=\"8\" x=\"" + x + "\" y=\"" + y + "\" width=\"" + WIDTH)
          .append("\" height=\"" + HEIGHT + "\"/>")
          .append(sign(health, x + 24, y + HEIGHT / 2))
          .append(text("", x + 44, y + 22, cut(cluster.name())))
          .append(text("sub", x + 44, y + 39, subtitle(cluster, health)));
      svg.append("<title>").append(name).append("</title>");
    }
    svg.append("</a>\n");
  }

  private static String subtitle(ClusterReport cluster, ClusterHealth health) {
    String kind = cluster.host() ? "host" : cluster.connection();
    return (kind.isEmpty() ? "member" : kind) + ", " + health.words;
  }

  /** A circle, a square, a triangle, a rhombus: told apart without colours. */
  static String sign(ClusterHealth health, int x, int y) {
    String shape =
        switch (health) {
          case ok -> "<circle class=\"sign\" cx=\"" + x + "\" cy=\"" + y + "\" r=\"10\"/>";
          case pending ->
              "<rect class=\"sign\" rx=\"2\" x=\""
                  + (x - 9)
                  + "\" y=\""
                  + (y - 9)
                  + "\" width=\"18\" height=\"18\"/>";
          case drift -> polygon(x, y - 11, x + 12, y + 9, x - 12, y + 9);
          case unreachable -> polygon(x, y - 12, x + 12, y, x, y + 12, x - 12, y);
        };
    int down = health == ClusterHealth.drift ? 7 : health == ClusterHealth.pending ? 2 : 4;
    return shape + text("on", x, y + down, health.sign);
  }

  private static String polygon(int... points) {
    StringBuilder text = new StringBuilder("<polygon class=\"sign\" points=\"");
    for (int i = 0; i < points.length; i += 2) {
      text.append(i == 0 ? "" : " ").append(points[i]).append(',').append(points[i + 1]);
    }
    return text.append("\"/>").toString();
  }

  private static String text(String type, int x, int y, String text) {
    return "<text class=\""
        + type
        + "\" x=\""
        + x
        + "\" y=\""
        + y
        + "\">"
        + Markup.escape(text)
        + "</text>";
  }

  private void line(String type, int x1, int y1, int x2, int y2) {
    svg.append("<path class=\"" + type + "\" d=\"M" + x1 + " " + y1 + "L" + x2 + " " + y2)
        .append("\"/>\n");
  }

  private ClusterHealth health(ClusterReport cluster) {
    return ClusterHealth.of(cluster, objects.getOrDefault(cluster.name(), Map.of()));
  }

  private static String cut(String name) {
    return name.length() > 16 ? name.substring(0, 14) + "..." : name;
  }
}
