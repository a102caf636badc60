package dev.muster.apply;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds a lock, and from which process.
 *
 * @param who user and machine, for people
 * @param machine names this boot of this machine and its process namespace; empty where the system
 *     tells none
 * @param pid process id in that namespace; 0 when unknown
 */
public record Holder(String who, String machine, long pid) {
  private static final Pattern TEXT =
      Pattern.compile("(\\S+?)(?: process ([0-9]{1,10}) at ([0-9a-f-]{1,64}))?");

  public Holder {
    Objects.requireNonNull(who, "who");
    Objects.requireNonNull(machine, "machine");
  }

  /** This process. */
  public static Holder here() {
    String user = System.getProperty("user.name", "somebody").replaceAll("\\s", "_");
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown";
    }
    return new Holder(user + "@" + host, thisMachine(), ProcessHandle.current().pid());
  }

  /** What {@link #toString()} gave. */
  static Holder parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return new Holder(text, "", 0);
    }
    return matcher.group(2) == null
        ? new Holder(matcher.group(1), "", 0)
        : new Holder(matcher.group(1), matcher.group(3), Long.parseLong(matcher.group(2)));
  }

  /**
   * Whether the process is known to be gone: it ran on this very boot of this machine, in this
   * process namespace, and is not there any more. Of any other machine nothing is known.
   */
  public boolean gone() {
    return pid > 0
        && !machine.isEmpty()
        && machine.equals(thisMachine())
        && seesOthers()
        && ProcessHandle.of(pid).isEmpty();
  }

  /**
   * Where processes of others are hidden (hidepid), one that is at work looks as if it were gone.
   */
  private static boolean seesOthers() {
    return Files.isReadable(Path.of("/proc/1/stat"));
  }

  /** Containers of one machine share its boot id, but not their process ids. */
  private static String thisMachine() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return UUID.nameUUIDFromBytes((boot + namespace).getBytes(StandardCharsets.UTF_8))
          .toString()
          .substring(0, 18);
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return pid > 0 && !machine.isEmpty() ? who + " process " + pid + " at " + machine : who;
  }
}
