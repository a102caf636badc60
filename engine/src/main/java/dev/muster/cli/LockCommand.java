package dev.muster.cli;

import dev.muster.apply.LeaseLock;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.problem.MusterException;
import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "lock",
    description = "Shows who holds the lock of a topology, or releases it by force.",
    mixinStandardHelpOptions = true)
final class LockCommand implements Callable<Integer> {
  enum Action {
    show,
    release
  }

  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Parameters(
      arity = "0..1",
      paramLabel = "ACTION",
      defaultValue = "show",
      description = "show (default) or release.")
  private Action action;

  @Option(names = "--yes", description = "Release it even though it has not run out.")
  private boolean yes;

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load(SecretSources.Extent.NONE);
    PrintWriter out = spec.commandLine().getOut();
    try (Session session = Session.open(loaded, top.redactor())) {
      Cluster host = session.host();
      Reading reading = host.read(LeaseLock.refOf(loaded.topology().name()));
      Optional<Failure> failure = reading.failed();
      if (failure.isPresent()) {
        throw MusterException.of(
            "the lock cannot be read on host " + host.name() + ": " + failure.get().message());
      }
      Optional<LeaseLock.Held> holder =
          reading.found().flatMap(o -> LeaseLock.holder(o.tree(), Clock.systemUTC()));
      if (holder.isEmpty()) {
        out.println("nobody holds the lock of topology " + loaded.topology().name());
        return ExitCode.OK.code();
      }
      LeaseLock.Held held = holder.get();
      out.print(
          top.clean(
              held.run()
                  + " holds the lock since "
                  + held.since()
                  + (held.by().gone()
                      ? "; its process is gone, the next run takes it over"
                      : held.overdue()
                          ? "; it seems to have run out, the next run looks at it for a minute"
                          : "")));
      if (action == Action.show) {
        return ExitCode.OK.code();
      }
      LiveObject lease = reading.found().orElseThrow();
      boolean free = yes || held.by().gone() || held.overdue() && LeaseLock.abandoned(host, lease);
      if (!free) {
        spec.commandLine()
            .getErr()
            .println(
                "error: the run that holds it may still be at work\n  hint: make sure that it is gone, then: muster lock release --yes");
        return ExitCode.REFUSED.code();
      }
      return release(host, lease, out);
    }
  }

  private static int release(Cluster host, LiveObject lease, PrintWriter out) {
    Written written = host.delete(lease.ref(), lease.uid());
    if (written instanceof Written.Failed failed) {
      throw MusterException.of("the lock cannot be released: " + failed.failure().message());
    }
    out.println("released");
    return ExitCode.OK.code();
  }
}
