package dev.muster.sandbox.controller.workload;

/** A simulated process; told in order, on one strand, that its pod runs or runs no longer. */
public interface Program {
  void started(RunningPod pod);

  void stopped();
}
