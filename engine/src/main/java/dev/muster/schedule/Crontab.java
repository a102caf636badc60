package dev.muster.schedule;

import dev.muster.problem.MusterException;
import java.util.Optional;

/**
 * A line for cron. One run at a time, by flock on the topology file itself; quiet when all is as
 * declared, another run is at work (7) or a cluster is away (8); a mail for everything else.
 */
public final class Crontab {
  /** Debian's cron reads no more of a command. */
  private static final int LONGEST = 990;

  private Crontab() {}

  /**
   * @param mail to whom; empty for the owner of the crontab
   * @throws MusterException when the line would be longer than cron takes it
   */
  public static String render(Job job, Every every, Optional<String> mail) {
    String command = escaped(script(job));
    if (command.length() > LONGEST) {
      throw MusterException.of(
          "the line for cron has " + command.length() + " characters, and cron takes " + LONGEST,
          "use shorter paths, or --as systemd");
    }
    StringBuilder text = new StringBuilder();
    text.append("# muster: ").append(job.work().word()).append(" of topology ");
    text.append(job.topology()).append(", every ").append(every.text()).append('\n');
    text.append(
        job.user().isPresent()
            ? "# For a file below /etc/cron.d, where a line names whom it runs as.\n"
            : "# For `crontab -e` of the user who has the kubeconfigs.\n");
    text.append("# Cron mails what the line prints: it is silent when all is well (0), while\n");
    text.append("# another run is at work (7), and while a cluster is away (8).\n");
    for (String variable : job.variables()) {
      text.append("# The topology takes a secret from ").append(variable);
      text.append(": cron has to have it in its environment.\n");
    }
    text.append("SHELL=/bin/sh\n");
    text.append("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
    text.append(mail.map(to -> "MAILTO=" + to + "\n").orElse("# MAILTO=you@example.com\n"));
    text.append(every.cron()).append(' ');
    job.user().ifPresent(user -> text.append(user).append(' '));
    return text.append(command).append('\n').toString();
  }

  /** What the shell is given. */
  static String script(Job job) {
    return "out=$(flock -n -E 7 "
        + Shell.word(job.file().toString())
        + " "
        + Shell.words(job.command())
        + " 2>&1); code=$?; case $code in 0|7|8) ;; *) printf '%s\\n' \"$out\" "
        + Shell.word("muster " + job.work().word() + " of " + job.topology() + " ended with")
        + "\" $code\";; esac";
  }

  /** A percent sign is a line end to cron, unless it is escaped. */
  private static String escaped(String command) {
    return command.replace("%", "\\%");
  }
}
