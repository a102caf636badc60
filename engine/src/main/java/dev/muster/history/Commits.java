package dev.muster.history;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;

/** Makes the commits of records, signed where the configuration of git wants them so. */
final class Commits {
  private static final String UNSIGNED = "Unsigned";

  private final Repository repository;
  private final Refs refs;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  Commits(Repository repository, Refs refs) {
    this.repository = repository;
    this.refs = refs;
  }

  ObjectId tree(Map<String, String> files) throws IOException {
    refs.sync();
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId tree = Trees.write(inserter, files);
      inserter.flush();
      return tree;
    }
  }

  /**
   * The intent, signed where git is to sign: what is missing for that is missing before the first
   * write, and refuses the run as it refuses a commit.
   */
  ObjectId intent(ObjectId tree, Optional<ObjectId> parent, Message message) throws IOException {
    CommitBuilder builder = commit(tree, parent, message);
    Optional<Signing> signing = Signing.of(repository.getConfig());
    if (signing.isPresent()) {
      try {
        sign(builder, signing.get());
      } catch (IOException e) {
        throw MusterException.of(
            "the record cannot be signed, as commit.gpgSign wants it: " + e.getMessage(),
            "unlock the key in its agent, or give muster's records up to it:"
                + " git config muster.sign false",
            Trouble.WITHOUT);
      }
    }
    return insert(builder);
  }

  /** How a run ended: kept in any case, and where it could not be signed it says so. */
  ObjectId ending(ObjectId tree, Optional<ObjectId> parent, Message message) throws IOException {
    CommitBuilder builder = commit(tree, parent, message);
    Optional<Signing> signing = Signing.of(repository.getConfig());
    if (signing.isPresent()) {
      try {
        sign(builder, signing.get());
      } catch (IOException e) {
        notes.add("the record is not signed: " + e.getMessage());
        builder = commit(tree, parent, message.with(UNSIGNED, String.valueOf(e.getMessage())));
      }
    }
    return insert(builder);
  }

  /** Another commit of the same record, after another one; its author and times stay. */
  ObjectId moved(RevCommit record, ObjectId parent) throws IOException {
    CommitBuilder builder = new CommitBuilder();
    builder.setTreeId(record.getTree());
    builder.setParentId(parent);
    builder.setAuthor(record.getAuthorIdent());
    builder.setCommitter(record.getCommitterIdent());
    builder.setMessage(record.getFullMessage());
    Optional<Signing> signing = Signing.of(repository.getConfig());
    if (signing.isPresent()) {
      try {
        sign(builder, signing.get());
      } catch (IOException e) {
        notes.add("a record is not signed any more: " + e.getMessage());
        builder.setGpgSignature(null);
      }
    }
    return insert(builder);
  }

  /** What there is to tell since the last call. */
  List<String> notes() {
    List<String> told = List.copyOf(notes);
    notes.removeAll(told);
    return told;
  }

  private static void sign(CommitBuilder builder, Signing signing) throws IOException {
    builder.setGpgSignature(signing.sign(builder.build(), builder.getCommitter()));
  }

  private CommitBuilder commit(ObjectId tree, Optional<ObjectId> parent, Message message) {
    CommitBuilder builder = new CommitBuilder();
    builder.setTreeId(tree);
    parent.ifPresent(builder::setParentId);
    Instant now = Instant.now();
    ZoneId zone = ZoneId.systemDefault();
    Config config = repository.getConfig();
    builder.setAuthor(new PersonIdent(Repositories.author(config), now, zone));
    builder.setCommitter(new PersonIdent(Repositories.committer(config), now, zone));
    builder.setMessage(message.text());
    return builder;
  }

  private ObjectId insert(CommitBuilder builder) throws IOException {
    refs.sync();
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId commit = inserter.insert(builder);
      inserter.flush();
      return commit;
    }
  }
}
