package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.MusterException;
import dev.muster.rights.Account;
import dev.muster.rights.NeededRights;
import dev.muster.rights.Purpose;
import dev.muster.rights.RightsYaml;
import dev.muster.schedule.CronJob;
import dev.muster.schedule.Crontab;
import dev.muster.schedule.Every;
import dev.muster.schedule.Job;
import dev.muster.schedule.Outside;
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
        "Prints what starts muster from time to time: a crontab line, systemd units, or a Kubernetes CronJob. Installs nothing.",
    mixinStandardHelpOptions = true)
final class ScheduleCommand implements Callable<Integer> {
  enum As {
    cron,
    systemd,
    cronjob
  }

  enum What {
    drift,
    heal,
    apply
  }

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Option(
      names = "--every",
      required = true,
      paramLabel = "TIME",
      description = "How often, such as 15m, 6h or 1d; what cron can keep exactly.")
  private String every;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "FORM",
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private As form;

  @Option(
      names = "--command",
      paramLabel = "COMMAND",
      defaultValue = "drift",
      description =
          "drift, heal (drift --heal) or apply (default: ${DEFAULT-VALUE}, which writes nothing).")
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
    Every interval = interval();
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
            interval,
            what == What.drift ? Optional.empty() : repository(file),
            outside.variables(),
            user);
    Map<String, String> artefacts =
        switch (form) {
          case cron -> Map.of(job.name() + ".cron", Crontab.render(job, mail));
          case systemd -> Units.render(job);
          case cronjob -> Map.of(job.name() + ".yaml", cronJob(job, loaded, outside).render());
        };
    deliver(artefacts);
    return ExitCode.OK.code();
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
    if (form == As.cronjob && pod.image().isEmpty()) {
      throw usage("--as cronjob needs --image IMAGE, with muster in it");
    }
    if (pod.shards() > 1 && (form != As.cronjob || what != What.drift)) {
      throw usage("--shards is for --as cronjob --command drift");
    }
  }

  private Every interval() {
    Duration length =
        (every.matches("[0-9]{1,4}d")
                ? Optional.of(
                    Duration.ofDays(Long.parseLong(every.substring(0, every.length() - 1))))
                : Durations.parse(every))
            .orElseThrow(
                () -> usage("--every takes a time such as 15m, 6h or 1d, not \"" + every + "\""));
    return Every.of(length)
        .orElseThrow(
            () ->
                usage(
                    "cron cannot keep an interval of "
                        + every
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

  private CronJob cronJob(Job job, Loader.Loaded loaded, Outside outside) {
    Purpose purpose = what == What.drift ? Purpose.DRIFT : Purpose.APPLY;
    ClusterDeclaration host = loaded.topology().host();
    RightsYaml yaml =
        new RightsYaml(
            new Account(Account.Kind.SERVICE_ACCOUNT, pod.namespace(), CronJob.ACCOUNT),
            job.name(),
            loaded.topology().name());
    return new CronJob(
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
        pod.shards(),
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
