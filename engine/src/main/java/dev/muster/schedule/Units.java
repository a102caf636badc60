package dev.muster.schedule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Units for systemd: a service and a timer, or a service that stays. */
public final class Units {
  private static final Duration MOST_DELAY = Duration.ofMinutes(5);

  private Units() {}

  /** The units by the names of their files. */
  public static Map<String, String> render(Job job, Every every) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(job.name() + ".service", service(job));
    files.put(job.name() + ".timer", timer(job, every));
    return files;
  }

  /**
   * The one unit of a command that stays.
   *
   * @param files that it may have open at once
   */
  public static Map<String, String> service(Job job, int files) {
    StringBuilder unit = new StringBuilder();
    head(unit, job);
    line(unit, "Type=exec");
    command(unit, job);
    line(unit, "# Ended by systemd (143).");
    line(unit, "SuccessExitStatus=143");
    line(unit, "Restart=on-failure");
    line(unit, "RestartSec=30s");
    line(unit, "# A wrong command line (64) does not get better.");
    line(unit, "RestartPreventExitStatus=64");
    line(unit, "# A connection for each object that it watches.");
    line(unit, "LimitNOFILE=" + files);
    variables(unit, job);
    line(unit, "");
    hardened(unit, job);
    line(unit, "");
    line(unit, "[Install]");
    line(unit, "WantedBy=multi-user.target");
    return Map.of(job.name() + ".service", unit.toString());
  }

  private static String service(Job job) {
    StringBuilder unit = new StringBuilder();
    head(unit, job);
    line(unit, "Type=oneshot");
    command(unit, job);
    line(unit, "# Another run is at work (7), a cluster is away (8): the next time will do.");
    if (job.work().onlyLooks()) {
      line(unit, "# What differs (2) is a failure, so that systemctl and OnFailure= tell of it.");
    }
    line(unit, "SuccessExitStatus=7 8");
    line(unit, "TimeoutStartSec=" + job.work().longest().toMinutes() + "min");
    variables(unit, job);
    line(unit, "");
    hardened(unit, job);
    return unit.toString();
  }

  private static void head(StringBuilder unit, Job job) {
    line(unit, "[Unit]");
    line(unit, "Description=muster: " + job.work().word() + " of topology " + job.topology());
    line(unit, "Wants=network-online.target");
    line(unit, "After=network-online.target");
    line(unit, "# What is to happen when it ends with anything but what stands below:");
    line(unit, "# OnFailure=your-mailer@%n.service");
    line(unit, "");
    line(unit, "[Service]");
  }

  private static void command(StringBuilder unit, Job job) {
    line(unit, "User=" + job.user().orElse("muster"));
    line(unit, "WorkingDirectory=" + path(job.folder().toString()));
    line(
        unit,
        "ExecStart="
            + program(job.command().get(0))
            + job.command().stream()
                .skip(1)
                .map(word -> " " + argument(word))
                .collect(Collectors.joining()));
  }

  private static void variables(StringBuilder unit, Job job) {
    line(unit, "# Secrets that the topology takes from variables: a file of mode 0600.");
    for (String variable : job.variables()) {
      line(unit, "#   " + variable + "=...");
    }
    line(unit, "EnvironmentFile=-/etc/muster/" + escaped(job.topology()) + ".env");
  }

  private static void hardened(StringBuilder unit, Job job) {
    line(unit, "StateDirectory=muster");
    line(unit, "CacheDirectory=muster");
    line(unit, "Environment=XDG_CACHE_HOME=%C/muster");
    line(unit, "UMask=0077");
    line(unit, "ProtectSystem=strict");
    job.writes()
        .ifPresent(
            folder -> {
              line(unit, "# The history of the runs.");
              // A list: what has spaces is quoted.
              line(unit, "ReadWritePaths=" + quoted(path(folder.toString())));
            });
    line(unit, "# kubeconfigs may be there.");
    line(unit, "ProtectHome=read-only");
    for (String yes :
        List.of(
            "NoNewPrivileges",
            "PrivateTmp",
            "PrivateDevices",
            "ProtectClock",
            "ProtectControlGroups",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "LockPersonality",
            "RestrictNamespaces",
            "RestrictRealtime",
            "RestrictSUIDSGID",
            "RemoveIPC")) {
      line(unit, yes + "=yes");
    }
    line(unit, "CapabilityBoundingSet=");
    line(unit, "AmbientCapabilities=");
    line(unit, "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK");
    line(unit, "SystemCallArchitectures=native");
    line(unit, "SystemCallFilter=@system-service");
    line(unit, "SystemCallFilter=~@privileged");
    line(unit, "SystemCallErrorNumber=EPERM");
    line(unit, "# Not here: MemoryDenyWriteExecute, as a JVM compiles while it runs, and");
    line(unit, "# ProtectProc, behind which a run of somebody else would look as if it were gone.");
  }

  private static String timer(Job job, Every every) {
    Duration tenth = every.length().dividedBy(10);
    Duration delay = tenth.compareTo(MOST_DELAY) > 0 ? MOST_DELAY : tenth;
    StringBuilder unit = new StringBuilder();
    line(unit, "[Unit]");
    line(
        unit,
        "Description=muster: "
            + job.work().word()
            + " of topology "
            + job.topology()
            + ", every "
            + every.text());
    line(unit, "");
    line(unit, "[Timer]");
    line(unit, "OnCalendar=" + every.calendar());
    line(unit, "# Not all fleets of a company at the same second.");
    line(unit, "RandomizedDelaySec=" + delay.toSeconds() + "s");
    line(unit, "# What was missed while the machine was off is made up for.");
    line(unit, "Persistent=true");
    line(unit, "");
    line(unit, "[Install]");
    line(unit, "WantedBy=timers.target");
    return unit.toString();
  }

  private static void line(StringBuilder unit, String text) {
    unit.append(text).append('\n');
  }

  /** A percent sign begins a specifier. */
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  private static String path(String text) {
    return escaped(text);
  }

  /** In arguments dollar signs mean something as well, in the name of the program they do not. */
  private static String argument(String text) {
    return quoted(escaped(text).replace("$", "$$"));
  }

  private static String program(String text) {
    return quoted(escaped(text));
  }

  private static String quoted(String escaped) {
    return escaped.matches("[A-Za-z0-9_./:=@,+%$-]+")
        ? escaped
        : "\"" + escaped.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
