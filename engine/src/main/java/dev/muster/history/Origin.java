package dev.muster.history;

import java.time.Instant;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * A commit that a topology comes from; all text is free of control characters.
 *
 * @param author {@code name <email>} of the person who wrote it
 * @param summary the first line of its message
 */
public record Origin(String commit, String author, Instant time, String summary) {
  static Origin of(RevCommit commit) {
    PersonIdent author = commit.getAuthorIdent();
    return new Origin(
        commit.name(),
        Message.line(author.getName() + " <" + author.getEmailAddress() + ">"),
        author.getWhenAsInstant(),
        Message.line(commit.getShortMessage()));
  }
}
