package dev.muster.history;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.ObjectWritingException;

/** Turns what git storage throws into a sentence and a next step. */
final class Trouble {
  static final String WITHOUT = "--no-history goes on without recording anything";

  private Trouble() {}

  /** What git storage does that may fail. */
  interface Work<T> {
    T run() throws IOException;
  }

  static <T> T translated(String doing, Work<T> work) {
    try {
      return work.run();
    } catch (MusterException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw of(doing, e);
    }
  }

  static MusterException of(String doing, Throwable thrown) {
    MusterException translated =
        MusterException.of(doing + ": " + reason(thrown), hint(thrown), WITHOUT);
    translated.initCause(thrown);
    return translated;
  }

  static String reason(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof AccessDeniedException denied) {
        return "no permission for " + denied.getFile();
      }
      if (t instanceof FileSystemException file && file.getReason() != null) {
        return lower(file.getReason()) + " (" + file.getFile() + ")";
      }
      if (t instanceof LargeObjectException) {
        return "a file in it is too large to be one of a run";
      }
      if (t instanceof MissingObjectException missing) {
        return "object " + missing.getObjectId().name() + " is missing, the repository is damaged";
      }
      if (t instanceof CorruptObjectException) {
        return "the repository is damaged: " + message(t);
      }
      if (t instanceof ConfigInvalidException) {
        return "a configuration file of git cannot be read: " + message(t);
      }
    }
    return message(thrown);
  }

  private static String hint(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof MissingObjectException || t instanceof CorruptObjectException) {
        return "`git fsck --full` tells what is damaged";
      }
      if (t instanceof LockFailedException) {
        return "another process holds a lock in the git directory; try again when it has ended";
      }
      if (t instanceof ConfigInvalidException) {
        return "`git config --list --show-origin` names the file and the line";
      }
    }
    return "check free space and the rights of this user in the git directory";
  }

  /** The innermost message that says something; JGit's outermost often only names an object. */
  private static String message(Throwable thrown) {
    String best = "";
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      String own = t.getMessage();
      if (own != null && !own.isBlank() && (best.isEmpty() || !(t instanceof RuntimeException))) {
        best = own.lines().findFirst().orElse("");
      }
      if (t instanceof ObjectWritingException && t.getCause() == null) {
        break;
      }
    }
    return Message.line(best.isEmpty() ? "no reason given" : lower(best));
  }

  private static String lower(String text) {
    return text.length() > 1 && Character.isLowerCase(text.charAt(1))
        ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1)
        : text;
  }
}
