package dev.muster.history;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * What JGit may learn about this machine: the user's git configuration, read only. The system's
 * configuration is left out because finding it starts a {@code git} process.
 */
final class QuietSystem extends SystemReader.Delegate {
  /** Held, because the logging system forgets loggers, and their levels, that nobody holds. */
  private static final Logger JGIT = Logger.getLogger("org.eclipse.jgit");

  private final Path home;
  private final Path xdg;

  QuietSystem(Path home, Path xdg) {
    super(SystemReader.getInstance());
    this.home = home;
    this.xdg = xdg;
  }

  /** Must come before any other use of JGit in this process. */
  static synchronized void install() {
    if (SystemReader.getInstance() instanceof QuietSystem) {
      return;
    }
    String fromEnvironment = System.getenv("HOME");
    Path home =
        Path.of(
            fromEnvironment == null || fromEnvironment.isEmpty()
                ? System.getProperty("user.home", "")
                : fromEnvironment);
    String config = System.getenv("XDG_CONFIG_HOME");
    install(
        new QuietSystem(
            home, config == null || config.isEmpty() ? home.resolve(".config") : Path.of(config)));
  }

  /** The folder whose {@code .gitconfig} counts, for paths that begin with a tilde. */
  static Path home() {
    install();
    return ((QuietSystem) SystemReader.getInstance()).home;
  }

  static void install(QuietSystem system) {
    SystemReader.setInstance(system);
    FS.FileStoreAttributes.setBackground(true);
    if (JGIT.getLevel() == null) {
      // JGit logs with a stack trace what it then throws and Trouble puts into a sentence
      JGIT.setLevel(Level.OFF);
    }
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new UserConfig(
        new ReadOnly(parent, xdg.resolve("git").resolve("config").toFile(), fs),
        home.resolve(".gitconfig").toFile(),
        fs);
  }

  private static class ReadOnly extends FileBasedConfig {
    ReadOnly(@Nullable Config parent, @Nullable File file, FS fs) {
      super(parent, file, fs);
    }

    @Override
    public void save() {
      // the configuration of git belongs to its user
    }
  }

  private static final class Nothing extends ReadOnly {
    Nothing(@Nullable Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {
      // there is no file
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }

  /** {@code ~/.gitconfig} over {@code ~/.config/git/config}, as git itself reads them. */
  private static final class UserConfig extends ReadOnly {
    private final ReadOnly below;

    UserConfig(ReadOnly below, File file, FS fs) {
      super(below, file, fs);
      this.below = below;
    }

    @Override
    public void load() throws IOException, ConfigInvalidException {
      below.load();
      super.load();
    }

    @Override
    public boolean isOutdated() {
      return below.isOutdated() || super.isOutdated();
    }

    /**
     * Answers for the resolution of file times. JGit would measure it for seconds with probe files,
     * which stay behind when a short-lived process ends meanwhile; the coarsest known file system
     * is a safe answer and costs a few more reads.
     */
    @Override
    public long getTimeUnit(
        String section,
        @Nullable String subsection,
        String name,
        long defaultValue,
        TimeUnit wanted) {
      if (section.equals("filesystem")) {
        return wanted.convert(2, TimeUnit.SECONDS);
      }
      return super.getTimeUnit(section, subsection, name, defaultValue, wanted);
    }
  }
}
