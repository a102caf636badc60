package dev.muster.intake;

import dev.muster.problem.Problem;
import dev.muster.problem.Suggestion;
import dev.muster.problem.Where;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds the context of each registered member: the one that was given, else the one with the
 * member's name, else the one behind which the UID is that the host shows. Contexts are asked no
 * earlier than needed: asking one may start a login program.
 */
public final class Matching {
  private final Set<String> contexts;
  private final String hostUid;
  private final Function<Collection<String>, Map<String, Identity>> ask;
  private final Map<String, Identity> asked = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param contexts all that there are, in the order of the files
   * @param hostUid no member may be the host itself
   * @param ask asks these contexts at once who is behind them; never throws
   */
  public Matching(
      Collection<String> contexts,
      String hostUid,
      Function<Collection<String>, Map<String, Identity>> ask) {
    this.contexts = new LinkedHashSet<>(contexts);
    this.hostUid = hostUid;
    this.ask = ask;
  }

  /** Why what was given cannot be right: nothing should be made of it. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * Matches all members.
   *
   * @param uids member name to the UID that the host shows, empty for one that it does not show
   * @param given member name to context
   */
  public Map<String, Match> match(Map<String, String> uids, Map<String, String> given) {
    check(uids.keySet(), given);
    Set<String> first = new LinkedHashSet<>();
    uids.keySet().forEach(name -> candidate(name, given).ifPresent(first::add));
    ask(first);
    Map<String, Match> matches = new LinkedHashMap<>();
    uids.forEach(
        (name, uid) ->
            candidate(name, given)
                .flatMap(context -> named(name, uid, context, given.containsKey(name)))
                .ifPresent(found -> matches.put(name, found)));
    boolean searched =
        uids.entrySet().stream()
            .anyMatch(e -> !matches.containsKey(e.getKey()) && !e.getValue().isEmpty());
    if (searched) {
      ask(contexts);
    }
    Map<String, Match> all = new LinkedHashMap<>();
    uids.forEach(
        (name, uid) -> {
          Match match = matches.get(name);
          all.put(name, match == null ? search(uid) : match);
        });
    return all;
  }

  private Optional<String> candidate(String name, Map<String, String> given) {
    return Optional.ofNullable(given.get(name))
        .or(() -> contexts.contains(name) ? Optional.of(name) : Optional.empty());
  }

  private void check(Set<String> members, Map<String, String> given) {
    given.forEach(
        (member, context) -> {
          if (!members.contains(member)) {
            error(
                "--context-map names \"" + member + "\", which is not registered on the host",
                Suggestion.closest(member, members)
                    .map(close -> "did you mean " + close + "?")
                    .orElse("registered are: " + String.join(", ", members)));
          } else if (!contexts.contains(context)) {
            error(
                "--context-map names the context \"" + context + "\", which there is not",
                Suggestion.closest(context, contexts)
                    .map(close -> "did you mean " + close + "?")
                    .orElse("kubectl config get-contexts"));
          }
        });
  }

  private void error(String message, String hint) {
    problems.add(Problem.error(Where.file("--context-map"), message, hint));
  }

  private void ask(Collection<String> some) {
    List<String> open = some.stream().filter(c -> !asked.containsKey(c)).toList();
    if (!open.isEmpty()) {
      asked.putAll(ask.apply(open));
    }
  }

  private Identity identity(String context) {
    return asked.getOrDefault(context, new Identity("", "nobody has asked it"));
  }

  /** The context that was given or has the name, unless another cluster is behind it. */
  private Optional<Match> named(String name, String shown, String context, boolean given) {
    Identity identity = identity(context);
    Match.How how = given ? Match.How.GIVEN : Match.How.NAME;
    String uid = identity.uid();
    if (!uid.isEmpty() && uid.equals(hostUid)) {
      if (given) {
        error(
            "context \"" + context + "\" leads to the host itself, not to member " + name,
            "name the context of the member");
      }
      return Optional.empty();
    }
    if (!uid.isEmpty() && !shown.isEmpty() && !uid.equalsIgnoreCase(shown)) {
      if (given) {
        error(
            "context \""
                + context
                + "\" leads to another cluster than the one that the host knows as "
                + name
                + ": its kube-system UID is "
                + uid
                + ", the host shows "
                + shown,
            "name the context of the member, or leave it out to have it searched");
      }
      return Optional.empty();
    }
    String doubt =
        uid.isEmpty()
            ? "it could not be reached through this context: " + identity.failure()
            : shown.isEmpty()
                ? "the host does not show its UID, so nothing proves that this context is the right one"
                : "";
    return Optional.of(
        new Match.Found(
            context, uid.isEmpty() ? shown : uid, how, doubt.isEmpty() && !uid.isEmpty(), doubt));
  }

  private Match search(String shown) {
    if (shown.isEmpty()) {
      return new Match.None("no context has its name, and the host does not show its UID");
    }
    List<String> leading =
        contexts.stream().filter(c -> identity(c).uid().equalsIgnoreCase(shown)).toList();
    if (!leading.isEmpty()) {
      String doubt =
          leading.size() == 1
              ? ""
              : "these contexts lead to it as well: "
                  + String.join(", ", leading.subList(1, leading.size()));
      return new Match.Found(leading.get(0), shown, Match.How.UID, true, doubt);
    }
    List<String> silent =
        contexts.stream().filter(context -> identity(context).uid().isEmpty()).toList();
    return new Match.None(
        "none of the "
            + contexts.size()
            + " contexts leads to it"
            + (silent.isEmpty()
                ? ""
                : "; not reached: "
                    + String.join(", ", silent.subList(0, Math.min(5, silent.size())))
                    + (silent.size() > 5 ? " and " + (silent.size() - 5) + " more" : "")));
  }
}
