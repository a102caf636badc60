package dev.muster.sandbox.server;

import dev.muster.sandbox.server.rest.Authorizer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who holds which bearer token, and what is denied to whom. */
final class Tokens {
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Denial(String user, String cluster, Set<String> verbs, Set<String> resources) {
    boolean covers(String who, String where, Authorizer.Attempt attempt) {
      return user.equals(who)
          && (cluster.equals("*") || cluster.equals(where))
          && (verbs.contains("*") || verbs.contains(attempt.verb()))
          && (resources.contains("*") || resources.contains(attempt.resource()));
    }
  }

  private final Map<String, String> users = new ConcurrentHashMap<>();
  private final List<Denial> denials = new CopyOnWriteArrayList<>();

  String issue(String user) {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    users.put(token, user);
    return token;
  }

  void register(String token, String user) {
    users.put(token, user);
  }

  void revoke(String token) {
    users.remove(token);
  }

  void deny(String user, String cluster, Set<String> verbs, Set<String> resources) {
    denials.add(new Denial(user, cluster, Set.copyOf(verbs), Set.copyOf(resources)));
  }

  void allow(String user, String cluster) {
    denials.removeIf(denial -> denial.user().equals(user) && denial.cluster().equals(cluster));
  }

  /** The user of an Authorization header; empty when it has no token that is known. */
  Optional<String> user(Optional<String> authorization) {
    return authorization
        .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(header -> users.get(header.substring(7).strip()));
  }

  Authorizer in(String cluster) {
    return (user, attempt) ->
        denials.stream().noneMatch(denial -> denial.covers(user, cluster, attempt));
  }
}
