package dev.muster.trial;

import dev.muster.apply.RunReport;
import dev.muster.changes.ChangeSet;

/** The exit code that the program would end with, which its command line knows. */
public interface Ending {
  /** Of {@code plan}, and of an {@code apply} that begins nothing. */
  int planned(ChangeSet changeSet);

  int ran(RunReport report, ChangeSet changeSet);

  /** Of a command that cannot go on with its files. */
  int invalid();

  /** Of a command that must not go on. */
  int refused();
}
