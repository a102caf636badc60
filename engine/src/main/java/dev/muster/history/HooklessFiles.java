package dev.muster.history;

import java.io.OutputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;
import org.eclipse.jgit.util.ProcessResult;

/** The file system as JGit sees it, with no hook in any repository. */
final class HooklessFiles extends FS_POSIX {
  private HooklessFiles(FS source) {
    super(source);
  }

  private HooklessFiles() {}

  /** On systems other than POSIX ones JGit finds hooks only with a shell that it has to be told. */
  static FS here() {
    return FS.DETECTED instanceof FS_POSIX ? new HooklessFiles() : FS.DETECTED;
  }

  @Override
  public FS newInstance() {
    return new HooklessFiles(this);
  }

  @Override
  public ProcessResult runHookIfPresent(
      Repository repository,
      String hookName,
      String[] args,
      OutputStream out,
      OutputStream err,
      String stdin) {
    return new ProcessResult(ProcessResult.Status.NOT_PRESENT);
  }
}
