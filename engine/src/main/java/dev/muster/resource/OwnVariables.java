package dev.muster.resource;

import java.util.List;
import java.util.Map;

/**
 * Variables that are for muster alone and may hold secrets: no program that it starts gets them.
 */
public final class OwnVariables {
  /** The key that signs what {@code --notify} sends. */
  public static final String NOTIFY_KEY = "MUSTER_NOTIFY_KEY";

  /** Where the history is pushed to; a URL may have a login in it. */
  public static final String PUSH = "MUSTER_PUSH";

  private OwnVariables() {}

  /** Takes them out of the environment that a program is about to be started with. */
  public static void withhold(Map<String, String> environment) {
    environment.keySet().removeAll(List.of(NOTIFY_KEY, PUSH));
  }
}
