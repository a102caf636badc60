package dev.muster.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of the desired state of one object: the fields that topology and plan declare, and no
 * others. A leaf may be a value that is not known yet.
 */
public sealed interface Declared {

  /** Whether any leaf below is sensitive. */
  boolean sensitive();

  /** Names of the steps after which everything below is known; empty when it is known now. */
  List<String> knownAfter();

  /**
   * A value.
   *
   * @param value a scalar, or a tree that is declared as a whole (an empty map, say)
   * @param sensitive whether it came from a sensitive place; then it is never shown
   */
  record Known(JsonNode value, boolean sensitive) implements Declared {
    public Known {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public List<String> knownAfter() {
      return List.of();
    }

    /** Never the value itself when it is sensitive. */
    @Override
    public String toString() {
      return sensitive ? "(sensitive)" : value.toString();
    }
  }

  /**
   * A value that some step brings forth.
   *
   * @param knownAfter the steps it waits for; not empty
   */
  record Unknown(List<String> knownAfter, boolean sensitive) implements Declared {
    public Unknown {
      knownAfter = List.copyOf(knownAfter);
      if (knownAfter.isEmpty()) {
        throw new IllegalArgumentException("an unknown value waits for at least one step");
      }
    }
  }

  /** A value that is made when the object is written, unless a live one is kept. */
  sealed interface Made extends Declared {
    /** Always. */
    @Override
    default boolean sensitive() {
      return true;
    }

    @Override
    default List<String> knownAfter() {
      return List.of();
    }
  }

  /**
   * A random value, made once, when the object is written and has none; a live value is kept.
   *
   * @param alphabet the characters it is made of
   * @param length number of characters
   */
  record Generated(String alphabet, int length) implements Made {}

  /**
   * A token of a ServiceAccount, issued by its cluster when the object is written; a live one is
   * kept while it is one of that very account and has time left.
   *
   * @param cluster name of the cluster that issues it
   * @param account the ServiceAccount
   * @param uid of the account as it is; empty when it is not there
   * @param duration how long it is asked to be good
   * @param renew what it must have left, or it is replaced
   * @param audiences for whom it is; empty for the API server itself
   * @param now what time it is in that cluster; empty when it does not tell
   */
  record Issued(
      String cluster,
      ObjectRef account,
      String uid,
      Duration duration,
      Duration renew,
      List<String> audiences,
      Optional<Instant> now)
      implements Made {
    public Issued {
      Objects.requireNonNull(cluster, "cluster");
      Objects.requireNonNull(account, "account");
      audiences = List.copyOf(audiences);
    }
  }

  /** Declared keys of a map, in the order of the plan; keys not in it belong to somebody else. */
  record Fields(Map<String, Declared> entries) implements Declared {
    public Fields {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public boolean sensitive() {
      return entries.values().stream().anyMatch(Declared::sensitive);
    }

    @Override
    public List<String> knownAfter() {
      return entries.values().stream().flatMap(e -> e.knownAfter().stream()).distinct().toList();
    }
  }

  /** A declared list; whether its elements merge by a key is a matter of {@link FieldRules}. */
  record Items(List<Declared> elements) implements Declared {
    public Items {
      elements = List.copyOf(elements);
    }

    @Override
    public boolean sensitive() {
      return elements.stream().anyMatch(Declared::sensitive);
    }

    @Override
    public List<String> knownAfter() {
      return elements.stream().flatMap(e -> e.knownAfter().stream()).distinct().toList();
    }
  }
}
