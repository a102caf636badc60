package dev.muster.apply;

/** Is told what happens in a run, from several threads, one event at a time. */
public interface RunListener {
  void on(RunEvent event);
}
