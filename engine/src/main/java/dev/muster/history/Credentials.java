package dev.muster.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.NetRCCredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * Credentials for http from {@code ~/.netrc}, else from git's own credential helpers; never from a
 * person.
 */
final class Credentials extends CredentialsProvider {
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Map<String, String> NOBODY =
      Map.of("GIT_TERMINAL_PROMPT", "0", "GIT_ASKPASS", "true", "SSH_ASKPASS", "true");

  private final NetRCCredentialsProvider netrc = new NetRCCredentialsProvider();

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public boolean supports(CredentialItem... items) {
    for (CredentialItem item : items) {
      if (!(item instanceof CredentialItem.Username || item instanceof CredentialItem.Password)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean get(URIish uri, CredentialItem... items) {
    if (!supports(items)) {
      return false;
    }
    return netrc.get(uri, items) || helpers(uri, items);
  }

  private static boolean helpers(URIish uri, CredentialItem... items) {
    StringBuilder asked = new StringBuilder();
    asked.append("protocol=").append(uri.getScheme()).append('\n');
    asked.append("host=").append(uri.getHost());
    if (uri.getPort() > 0) {
      asked.append(':').append(uri.getPort());
    }
    asked.append('\n');
    if (uri.getUser() != null) {
      asked.append("username=").append(uri.getUser()).append('\n');
    }
    asked.append('\n');
    String said;
    try {
      Program.Result result =
          Program.run(
              List.of("git", "credential", "fill"),
              asked.toString().getBytes(UTF_8),
              NOBODY,
              LONGEST);
      if (!result.good()) {
        return false;
      }
      said = result.text();
    } catch (IOException e) {
      return false; // without git there are no helpers; the remote then says what it misses
    }
    String user = line(said, "username=");
    String password = line(said, "password=");
    if (password.isEmpty()) {
      return false;
    }
    for (CredentialItem item : items) {
      if (item instanceof CredentialItem.Username username) {
        username.setValue(user);
      } else if (item instanceof CredentialItem.Password secret) {
        secret.setValue(password.toCharArray());
      }
    }
    return true;
  }

  private static String line(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()))
        .findFirst()
        .orElse("");
  }
}
