import dev.muster.api.Muster;
import dev.muster.api.Planned;
import dev.muster.api.RunResult;
import dev.muster.api.Validation;
import dev.muster.apply.RunEvent;
import dev.muster.drift.DriftReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Brings a fleet to what its topology says, and looks whether it stays so.
 *
 * <p>The whole of muster is on the class path of its distribution:
 *
 * <pre>java -cp 'muster/lib/*' Reconcile.java topology.yaml</pre>
 */
public final class Reconcile {
  public static void main(String[] arguments) {
    Muster muster = Muster.of(Path.of(arguments[0]));

    Validation validation = muster.validate();
    if (!validation.valid()) {
      validation.problems().forEach(problem -> System.err.print(problem.text()));
      System.exit(1);
    }

    try (Planned planned = muster.plan()) {
      System.out.print(planned.text());
      System.out.println(told(planned));
    }

    DriftReport drift = muster.drift(Duration.ofDays(30));
    System.out.println(
        drift.fields().isEmpty()
            ? "no drift"
            : drift.fields().size() + " fields are not as declared");
    drift.fields().forEach(field -> System.out.println("  " + field.ref() + " on " + field.cluster()));
  }

  /** Applies it, with a listener of our own beside the one that prints. */
  private static String told(Planned planned) {
    List<String> written = new CopyOnWriteArrayList<>();
    var telling = planned.telling(new PrintWriter(System.out, true));
    RunResult result =
        planned.apply(
            event -> {
              telling.on(event);
              if (event instanceof RunEvent.Changed changed) {
                written.add(changed.action() + " " + changed.ref() + " on " + changed.cluster());
              }
            });
    if (result instanceof RunResult.NothingToDo) {
      return "everything was as declared";
    }
    if (result instanceof RunResult.Locked locked) {
      return "somebody else is at work: " + locked.who();
    }
    if (result instanceof RunResult.Refused refused) {
      refused.problems().forEach(problem -> System.err.print(problem.text()));
      return "refused, nothing was written";
    }
    written.forEach(write -> System.out.println("wrote: " + write));
    return result.converged() ? "converged" : "not all is done; the next run goes on from there";
  }
}
