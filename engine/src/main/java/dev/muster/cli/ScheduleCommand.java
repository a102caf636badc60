package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.MusterException;
import dev.muster.rights.Account;
import dev.muster.rights.NeededRights;
import dev.muster.rights.Purpose;
import dev.muster.rights.RightsYaml;
import dev.muster.schedule.CronJob;
import dev.muster.schedule.Crontab;
import dev.muster.schedule.Deployment;
import dev.muster.schedule.Every;
import dev.muster.schedule.Job;
import dev.muster.schedule.Outside;
import dev.muster.schedule.Pod;
import dev.muster.schedule.Units;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.session.WholeFile;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Durations;
import dev.muster.yaml.YamlDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "schedule",
    description =
        "Prints what starts muster from time to time, or keeps watch running: a crontab line, systemd units, a Kubernetes CronJob or Deployment. Installs nothing.",
    mixinStandardHelpOptions = true)
final class ScheduleCommand implements Callable<Integer> {
  enum As {
    cron,
    systemd,
    cronjob,
    deployment
  }

  enum What {
    drift,
    heal,
    apply,
    watch
  }

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      description =
          "How often, such as 15m, 6h or 1d; what cron can keep exactly. Not for watch, which stays.")
  private Optional<String> every = Optional.empty();

  @Option(
      names = "--as",
      required = true,
      paramLabel = "FORM",
      description =
          "One of: ${COMPLETION-CANDIDATES}. watch takes systemd or deployment, all else one of the first three.")
  private As form;

  @Option(
      names = "--command",
      paramLabel = "COMMAND",
      defaultValue = "drift",
      description =
          "drift, heal (drift --heal), apply or watch (default: ${DEFAULT-VALUE}; drift and watch write nothing).")
  private What what;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write files into this folder instead of printing them.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--program",
      paramLabel = "PATH",
      defaultValue = "/usr/local/bin/muster",
      description = "cron, systemd: where muster is (default: ${DEFAULT-VALUE}).")
  private Path program;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "cron: for a file below /etc/cron.d; systemd: User= (default there: muster).")
  private Optional<String> user = Optional.empty();

  @Option(names = "--mail", paramLabel = "ADDRESS", description = "cron: MAILTO.")
  private Optional<String> mail = Optional.empty();

  @Mixin private PodOptions pod;

  @Override
  public Integer call() throws IOException {
    checkWords();
    Optional<Every> interval = interval();
    Loader.Loaded loaded = files.load(SecretSources.Extent.NONE);
    JsonNode text = YamlDocument.parse(loaded.topologyText()).json();
    Path file = loaded.file().toAbsolutePath().normalize();
    Outside outside = Outside.of(text);
    Job job =
        new Job(
            loaded.topology().name(),
            file,
            program.toAbsolutePath().normalize(),
            Job.Work.valueOf(what.name().toUpperCase(Locale.ROOT)),
            looks() ? Optional.empty() : repository(file),
            outside.variables(),
            user);
    deliver(
        interval
            .map(time -> timed(job, time, loaded, outside))
            .orElseGet(() -> standing(job, loaded, outside)));
    return ExitCode.OK.code();
  }

  private Map<String, String> timed(
      Job job, Every interval, Loader.Loaded loaded, Outside outside) {
    return switch (form) {
      case cron -> Map.of(job.name() + ".cron", Crontab.render(job, interval, mail));
      case systemd -> Units.render(job, interval);
      default ->
          Map.of(
              job.name() + ".yaml",
              new CronJob(pod(job, loaded, outside), interval, pod.shards()).render());
    };
  }

  private Map<String, String> standing(Job job, Loader.Loaded loaded, Outside outside) {
    return form == As.systemd
        ? Units.service(job, openFiles(loaded.topology().members().size()))
        : Map.of(job.name() + ".yaml", new Deployment(pod(job, loaded, outside)).render());
  }

  /** Room for a connection for each object that is watched, some ten a member, and for a spare. */
  private static int openFiles(int members) {
    return Math.max(4096, Integer.highestOneBit(members * 16) * 2);
  }

  private boolean looks() {
    return what == What.drift || what == What.watch;
  }

  private void checkWords() {
    user.ifPresent(
        name -> {
          if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
            throw usage("--user takes the name of a user, not \"" + name + "\"");
          }
        });
    mail.ifPresent(
        address -> {
          if (!address.matches("[A-Za-z0-9@._+,-]*")) {
            throw usage("--mail takes an address, not \"" + address + "\"");
          }
        });
    for (Path path : new Path[] {program, files.file()}) {
      if (path.toString().chars().anyMatch(c -> c < ' ')) {
        throw usage("a path with a line break fits into no crontab: " + path);
      }
    }
    boolean stays = what == What.watch;
    if (stays && every.isPresent()) {
      throw usage("--every is not for --command watch, which stays");
    }
    if (!stays && every.isEmpty()) {
      throw usage("--every is missing: how often, such as 15m, 6h or 1d");
    }
    if (stays ? form == As.cron || form == As.cronjob : form == As.deployment) {
      throw usage(
          stays
              ? "--command watch stays, so it takes --as systemd or --as deployment"
              : "--as deployment is for --command watch, which stays");
    }
    if ((form == As.cronjob || form == As.deployment) && pod.image().isEmpty()) {
      throw usage("--as " + form + " needs --image IMAGE, with muster in it");
    }
    if (pod.shards() > 1 && (form != As.cronjob || what != What.drift)) {
      throw usage("--shards is for --as cronjob --command drift");
    }
  }

  private Optional<Every> interval() {
    return every.map(this::interval);
  }

  private Every interval(String text) {
    Duration length =
        (text.matches("[0-9]{1,4}d")
                ? Optional.of(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))))
                : Durations.parse(text))
            .orElseThrow(
                () -> usage("--every takes a time such as 15m, 6h or 1d, not \"" + text + "\""));
    return Every.of(length)
        .orElseThrow(
            () ->
                usage(
                    "cron cannot keep an interval of "
                        + text
                        + " evenly; the nearest that it can: "
                        + String.join(", ", Every.near(length))));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The folder of the git repository that a run records its history in. */
  private static Optional<Path> repository(Path file) {
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  private Pod pod(Job job, Loader.Loaded loaded, Outside outside) {
    Purpose purpose =
        switch (what) {
          case drift -> Purpose.DRIFT;
          case watch -> Purpose.WATCH;
          default -> Purpose.APPLY;
        };
    ClusterDeclaration host = loaded.topology().host();
    RightsYaml yaml =
        new RightsYaml(
            new Account(Account.Kind.SERVICE_ACCOUNT, pod.namespace(), Pod.ACCOUNT),
            job.name(),
            loaded.topology().name());
    return new Pod(
        job,
        pod.namespace(),
        pod.image().orElseThrow(),
        pod.config().orElse("muster-" + loaded.topology().name()),
        pod.secret().orElse("muster-" + loaded.topology().name()),
        outside,
        host.access().kubeconfigs().isEmpty()
            ? Optional.of(host.access().context())
            : Optional.empty(),
        loaded.topology().members().stream()
            .anyMatch(member -> member.access().kubeconfigs().isEmpty() && !member.courier()),
        yaml.render(
            Optional.ofNullable(
                    NeededRights.of(loaded.plan(), loaded.topology(), purpose).get(host.name()))
                .orElseThrow()));
  }

  private void deliver(Map<String, String> artefacts) throws IOException {
    PrintWriter printer = spec.commandLine().getOut();
    if (out.isPresent()) {
      WholeFile.openFolder(out.get());
      for (Map.Entry<String, String> artefact : artefacts.entrySet()) {
        Path file = out.get().resolve(artefact.getKey());
        if (Files.exists(file) && !Files.readString(file).equals(artefact.getValue())) {
          throw MusterException.of(
              file + " exists and is not what would be written", "move it away first");
        }
      }
      for (Map.Entry<String, String> artefact : artefacts.entrySet()) {
        Path file = out.get().resolve(artefact.getKey());
        WholeFile.open(file, artefact.getValue());
        printer.println("written: " + file);
      }
      return;
    }
    artefacts.forEach(
        (name, content) -> {
          if (artefacts.size() > 1) {
            printer.println("# --- " + name);
          }
          printer.print(content);
        });
  }
}
