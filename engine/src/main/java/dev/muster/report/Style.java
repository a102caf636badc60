package dev.muster.report;

/** Colours, or none. */
public enum Style {
  PLAIN,
  COLOUR;

  public String green(String text) {
    return paint("32", text);
  }

  public String yellow(String text) {
    return paint("33", text);
  }

  public String red(String text) {
    return paint("31", text);
  }

  public String bold(String text) {
    return paint("1", text);
  }

  public String faint(String text) {
    return paint("2", text);
  }

  private String paint(String code, String text) {
    return this == PLAIN ? text : "\u001B[" + code + "m" + text + "\u001B[0m";
  }
}
