package dev.muster.history;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/**
 * Another repository: a remote of the configuration, a path or a URL. Nobody is asked for
 * credentials, and none is in any text that comes from here.
 */
final class Remote {
  private static final int TIMEOUT_SECONDS = 30;

  private final Repository repository;
  private final String name;

  Remote(Repository repository, String name) {
    this.repository = repository;
    this.name = name;
  }

  /** The name as it may be shown. */
  String shown() {
    return withoutCredentials(name);
  }

  /** The name where it is one of the configuration, for refs that follow it. */
  Optional<String> configured() {
    return repository.getRemoteNames().contains(name) ? Optional.of(name) : Optional.empty();
  }

  /** User and password of URLs, wherever they stand in a text. */
  static String withoutCredentials(String text) {
    return Message.line(text.replaceAll("://[^/@\\s]*@", "://"));
  }

  /** The refs that it has, by name. */
  Map<String, ObjectId> refs() throws IOException {
    try (Transport transport = open(Transport.Operation.FETCH);
        FetchConnection connection = transport.openFetch()) {
      Map<String, ObjectId> refs = new TreeMap<>();
      for (Ref ref : connection.getRefs()) {
        ObjectId id = ref.getObjectId();
        if (id != null) {
          refs.put(ref.getName(), id);
        }
      }
      return refs;
    }
  }

  /** Fetches what the specifications name; all of it has to be there. */
  void fetch(List<RefSpec> specifications, int depth) throws IOException {
    try (Transport transport = open(Transport.Operation.FETCH)) {
      transport.setTagOpt(TagOpt.NO_TAGS);
      // JGit then wants all parents too, which a server rightly leaves out of a shallow fetch.
      transport.setCheckFetchedObjects(depth == 0);
      transport.setRemoveDeletedRefs(false);
      if (depth > 0) {
        transport.setDepth(depth);
      }
      transport.fetch(NullProgressMonitor.INSTANCE, specifications);
    }
  }

  /**
   * Moves refs there, none of them by force.
   *
   * @param updates new value by name; the zero id removes
   * @return why a ref could not be moved, by its name; empty when all were
   */
  Map<String, String> push(Map<String, ObjectId> updates) throws IOException {
    Collection<RemoteRefUpdate> wanted = new java.util.ArrayList<>();
    for (Map.Entry<String, ObjectId> update : updates.entrySet()) {
      wanted.add(
          new RemoteRefUpdate(
              repository, (String) null, update.getValue(), update.getKey(), false, null, null));
    }
    Map<String, String> refused = new TreeMap<>();
    try (Transport transport = open(Transport.Operation.PUSH)) {
      for (RemoteRefUpdate done :
          transport
              .push(NullProgressMonitor.INSTANCE, wanted, new ByteArrayOutputStream())
              .getRemoteUpdates()) {
        switch (done.getStatus()) {
          case OK, UP_TO_DATE, NON_EXISTING -> {}
          default -> {
            String said = done.getMessage() == null ? "" : ": " + done.getMessage();
            String status = done.getStatus().name().toLowerCase(java.util.Locale.ROOT);
            refused.put(done.getRemoteName(), withoutCredentials(status.replace('_', ' ') + said));
          }
        }
      }
    }
    return refused;
  }

  private Transport open(Transport.Operation operation) throws IOException {
    try {
      Transport transport =
          configured().isPresent()
              ? Transport.open(repository, name, operation)
              : Transport.open(repository, new URIish(name));
      transport.setTimeout(TIMEOUT_SECONDS);
      transport.setCredentialsProvider(new Credentials());
      if (transport instanceof SshTransport ssh) {
        ssh.setSshSessionFactory(new SshProgram(repository.getConfig()));
      }
      return transport;
    } catch (URISyntaxException e) {
      throw new TransportException(shown() + " is neither a remote nor a URL", e);
    }
  }
}
