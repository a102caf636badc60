package dev.muster.plan;

import dev.muster.problem.Problems;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a plan may touch, by its own account. Whatever goes beyond is refused when the plan is read,
 * as far as it can be seen there, and otherwise before the request is sent. What muster itself
 * keeps on the host (lock, inventory) and the question which cluster it is are not the plan's.
 *
 * @param host on the host
 * @param member on each member
 * @param elsewhere at the far end of a Service, or behind a kubeconfig that the plan reads
 */
public record Allows(List<Grant> host, List<Grant> member, List<Grant> elsewhere) {
  public Allows {
    host = List.copyOf(host);
    member = List.copyOf(member);
    elsewhere = List.copyOf(elsewhere);
  }

  /** The same with the namespaces that a topology chooses, as far as it does. */
  public Allows at(Topology topology) {
    return at(written -> ChosenNamespace.of(written, topology.host(), new Problems()));
  }

  /** The same with the namespaces that a topology chooses. */
  Allows at(UnaryOperator<String> chosen) {
    return new Allows(at(host, chosen), at(member, chosen), at(elsewhere, chosen));
  }

  private static List<Grant> at(List<Grant> grants, UnaryOperator<String> chosen) {
    return grants.stream().map(grant -> grant.at(chosen)).toList();
  }

  /** Where a request goes. */
  public enum Place {
    HOST("on the host", ""),
    MEMBER("on each member", ""),
    ELSEWHERE("elsewhere", " (through a Service, or with a kubeconfig that it reads)");

    private final String words;
    private final String more;

    Place(String words, String more) {
      this.words = words;
      this.more = more;
    }

    /** As a plan file has it. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is done to an object. */
  public enum Verb {
    /** To read one, and hear of its changes. */
    GET("read"),
    /** To read all of a kind, and hear of their changes. */
    LIST("list"),
    CREATE("create"),
    PATCH("change"),
    DELETE("delete");

    private final String words;

    Verb(String words) {
      this.words = words;
    }

    /** As a plan file has it. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A kind as a URL has it; versions of one group are the same objects.
   *
   * @param plural with a subresource behind a slash
   * @param written as the plan file has it
   * @param irregular the plural, where it does not follow from the kind
   */
  public record Kind(String group, String plural, String written, Optional<String> irregular) {
    /** The kind of a reference, and part of it. */
    public static Kind of(ObjectRef ref, String subresource) {
      String below = subresource.isEmpty() ? "" : "/" + subresource;
      return new Kind(
          ref.group(),
          ref.plural() + below,
          ref.apiVersion() + "/" + ref.kind() + below,
          Optional.of(ref.plural()).filter(p -> !p.equals(ObjectRef.pluralOf(ref.kind()))));
    }

    @Override
    public String toString() {
      return written + irregular.map(p -> " (" + p + ")").orElse("");
    }

    private String entry() {
      return irregular.map(p -> "{kind: " + written + ", plural: " + p + "}").orElse(written);
    }

    boolean same(Kind other) {
      return group.equals(other.group) && plural.equals(other.plural);
    }
  }

  /**
   * Kinds, and what may be done to them.
   *
   * @param namespaces empty for the whole cluster; {@code *} stands for any text
   * @param names empty for all; {@code *} stands for any text
   */
  public record Grant(
      List<Kind> kinds, List<String> namespaces, List<String> names, Set<Verb> verbs) {
    public Grant {
      kinds = List.copyOf(kinds);
      namespaces = List.copyOf(namespaces);
      names = List.copyOf(names);
      verbs = verbs.isEmpty() ? Set.of() : EnumSet.copyOf(verbs);
    }

    private Grant at(UnaryOperator<String> chosen) {
      return new Grant(kinds, namespaces.stream().map(chosen).toList(), names, verbs);
    }

    /** Whether it is this grant, or one of several, that lets it be done. */
    public boolean covers(Use use) {
      return verbs.contains(use.verb())
          && kinds.stream().anyMatch(kind -> kind.same(use.kind()))
          && (namespaces.isEmpty() || Wildcard.any(namespaces, use.namespace()))
          && (names.isEmpty()
              || use.verb() != Verb.LIST
                  && use.name().map(name -> Wildcard.any(names, name)).orElse(true));
    }

    /** {@code read and change v1/Secret in namespace archive: card-*}. */
    public String words() {
      String done = and(verbs.stream().map(verb -> verb.words).toList());
      String what = kinds.stream().map(Kind::toString).collect(Collectors.joining(", "));
      String where =
          namespaces.isEmpty()
              ? " in the whole cluster"
              : (namespaces.size() > 1 ? " in namespaces " : " in namespace ") + and(namespaces);
      return done + " " + what + where + (names.isEmpty() ? "" : ", only " + and(names));
    }

    private static String and(List<String> words) {
      int last = words.size() - 1;
      return last < 1
          ? String.join("", words)
          : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
  }

  /**
   * Something that is done, or may be.
   *
   * @param name empty when it is not known yet
   */
  public record Use(Place place, Verb verb, Kind kind, String namespace, Optional<String> name) {
    private static final ObjectRef POD = ObjectRef.of("v1", "Pod", "", "");
    private static final ObjectRef SERVICE = ObjectRef.of("v1", "Service", "", "");

    /** To one object that is known. */
    public static Use of(Place place, Verb verb, ObjectRef ref) {
      return new Use(place, verb, Kind.of(ref, ""), ref.namespace(), Optional.of(ref.name()));
    }

    /** To all objects of a kind. */
    public static Use list(Place place, ObjectRef kind) {
      return new Use(place, Verb.LIST, Kind.of(kind, ""), kind.namespace(), Optional.empty());
    }

    /** Reading the logs of pods. */
    public static Use logs(Place place, String namespace) {
      return new Use(place, Verb.GET, Kind.of(POD, "log"), namespace, Optional.empty());
    }

    /** Reading through a Service, which leads elsewhere. */
    public static Use through(Place place, String namespace, Optional<String> service) {
      return new Use(place, Verb.GET, Kind.of(SERVICE, "proxy"), namespace, service);
    }

    /**
     * Having a token issued.
     *
     * @param account whose it is, with any name
     */
    public static Use token(Place place, ObjectRef account, Optional<String> name) {
      return new Use(place, Verb.CREATE, Kind.of(account, "token"), account.namespace(), name);
    }

    /** {@code delete v1/Secret archive/card on the host}. */
    @Override
    public String toString() {
      String object =
          name.filter(known -> verb != Verb.LIST)
              .map(known -> " " + (namespace.isEmpty() ? "" : namespace + "/") + known)
              .orElse(namespace.isEmpty() ? "" : " in " + namespace);
      return verb.key() + " " + kind + object + " " + place.words;
    }

    /** Where and what a plan file would say to allow it. */
    String entry() {
      return "allows."
          + place.key()
          + ": {kinds: ["
          + kind.entry()
          + "]"
          + (namespace.isEmpty() ? "" : ", namespaces: [" + namespace + "]")
          + name.filter(known -> verb != Verb.LIST)
              .map(known -> ", names: [" + known + "]")
              .orElse("")
          + ", verbs: ["
          + verb.key()
          + "]}";
    }
  }

  /** Whether something may be done; of a name that is not known yet, whether some name may be. */
  public boolean allow(Use use) {
    return grants(use.place()).stream().anyMatch(grant -> grant.covers(use));
  }

  public List<Grant> grants(Place place) {
    return switch (place) {
      case HOST -> host;
      case MEMBER -> member;
      case ELSEWHERE -> elsewhere;
    };
  }

  /** For people: the places, and below each of them what may be done there. */
  public List<String> words() {
    List<String> lines = new ArrayList<>();
    for (Place place : Place.values()) {
      if (!grants(place).isEmpty()) {
        lines.add(place.words + place.more + ":");
        grants(place).forEach(grant -> lines.add("  " + grant.words()));
      }
    }
    return lines.isEmpty() ? List.of("nothing") : lines;
  }

  /** The same, each line with its place, so that two plans can be compared. */
  public List<String> statements() {
    List<String> lines = new ArrayList<>();
    for (Place place : Place.values()) {
      grants(place).forEach(grant -> lines.add(place.words + ": " + grant.words()));
    }
    return lines;
  }
}
