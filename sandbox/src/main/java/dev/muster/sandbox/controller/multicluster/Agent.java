package dev.muster.sandbox.controller.multicluster;

import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.workload.Program;
import dev.muster.sandbox.controller.workload.RunningPod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The simulated agent on a member: dials the proxy address for ever; refusals are seen in its log
 * only.
 */
public final class Agent implements Program {
  private static final double GROWTH = 1.4;

  private final ClusterEndpoint member;
  private final Tower tower;
  private final ProxyNetwork network;
  private final Timing timing;
  private final Faults faults;
  private final WorkerPool.Strand strand;
  private @Nullable RunningPod pod;
  private @Nullable AgentSession session;
  private int process;
  private int attempt;

  public Agent(
      ClusterEndpoint member,
      Tower tower,
      ProxyNetwork network,
      Timing timing,
      Faults faults,
      WorkerPool pool) {
    this.member = member;
    this.tower = tower;
    this.network = network;
    this.timing = timing;
    this.faults = faults;
    this.strand = pool.strand();
  }

  @Override
  public void started(RunningPod newPod) {
    strand.execute(
        () -> {
          pod = newPod;
          begin();
        });
  }

  @Override
  public void stopped() {
    strand.execute(
        () -> {
          pod = null;
          process++;
          hangUp();
        });
  }

  /** Looks again at whether this agent is to be dead or alive. */
  public void faultsChanged() {
    strand.execute(
        () -> {
          if (faults.agentIsDead(member.name())) {
            process++;
            hangUp();
          } else if (session == null && pod != null) {
            begin();
          }
        });
  }

  private void begin() {
    process++;
    attempt = 0;
    if (!faults.agentIsDead(member.name())) {
      dial(process);
    }
  }

  private void dial(int ofProcess) {
    RunningPod current = pod;
    if (current == null || ofProcess != process) {
      return;
    }
    String address = current.flag("proxy-server");
    switch (network.reachable(member.name(), address)) {
      case OK -> greet(current, ofProcess);
      case REFUSED -> failed(current, ofProcess, "dial tcp: connect: connection refused");
      case BAD_HANDSHAKE -> failed(current, ofProcess, "websocket: bad handshake");
      case TIMEOUT ->
          strand.after(
              timing.clientTimeout(), () -> failed(current, ofProcess, "dial tcp: i/o timeout"));
    }
  }

  private void greet(RunningPod current, int ofProcess) {
    AgentSession asked = new AgentSession(current.flag("name"), member, () -> dropped(ofProcess));
    switch (tower.connect(asked, current.flag("token"))) {
      case ACCEPTED -> {
        attempt = 0;
        session = asked;
        current.log("Connected (Latency 1.2ms)");
      }
      case UNAUTHORIZED -> failed(current, ofProcess, "Unauthorized agent");
      case DOWN -> failed(current, ofProcess, "dial tcp: connect: connection refused");
    }
  }

  private void dropped(int ofProcess) {
    strand.execute(
        () -> {
          RunningPod current = pod;
          if (current != null && ofProcess == process) {
            session = null;
            failed(current, ofProcess, "websocket: close 1006 (abnormal closure): unexpected EOF");
          }
        });
  }

  private void failed(RunningPod current, int ofProcess, String why) {
    if (ofProcess != process) {
      return;
    }
    double factor = Math.pow(GROWTH, Math.min(attempt, 40));
    attempt++;
    long pause = Math.round(timing.retry().toMillis() * factor);
    Duration delay = Duration.ofMillis(Math.min(pause, timing.longestRetry().toMillis()));
    current.log("Connection error: " + why + " (Attempt: " + attempt + ")");
    current.log("Retrying in " + goText(delay) + "...");
    strand.after(delay, () -> dial(ofProcess));
  }

  private void hangUp() {
    AgentSession open = session;
    session = null;
    if (open != null) {
      tower.disconnect(open);
    }
  }

  private static String goText(Duration delay) {
    if (delay.toMillis() < 1000) {
      return delay.toMillis() + "ms";
    }
    long minutes = delay.toMinutes();
    String seconds = delay.minusMinutes(minutes).toMillis() / 1000.0 + "s";
    return (minutes > 0 ? minutes + "m" : "") + seconds.replace(".0s", "s");
  }
}
