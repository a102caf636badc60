package dev.muster.expression;

import dev.muster.expression.CompileErrors.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The expressions that this process has compiled. Checking one takes a millisecond or two even when
 * the code is warm, a plan has hundreds, and a program that reconciles again and again reads the
 * same plan each time. Only what is sound is kept: errors belong to a place in a file.
 *
 * <p>They can be written down, and read by another process of the same build, in which compiling
 * them takes longer than all the rest of a plan.
 */
public final class Compiled {
  /** Some ten plans. The least used go first. */
  private static final int MOST = 4_000;

  private static final Map<Key, Expression> KEPT =
      Collections.synchronizedMap(
          new LinkedHashMap<>(256, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Expression> eldest) {
              return size() > MOST;
            }
          });

  private static final AtomicBoolean GROWN = new AtomicBoolean();

  /** What an expression means depends on nothing else. */
  record Key(Map<String, Environment.Type> variables, String code, Expression.Use use) {}

  private Compiled() {}

  static Optional<Expression> of(
      Map<String, Environment.Type> variables,
      Supplier<Language> language,
      String code,
      Expression.Use use,
      List<Finding> findings) {
    Key key = new Key(variables, code, use);
    Expression kept = KEPT.get(key);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<Expression> made = Expression.compile(language.get(), code, use, findings);
    made.ifPresent(
        expression -> {
          KEPT.put(key, expression);
          GROWN.set(true);
        });
    return made;
  }

  /** Whether something was compiled since {@link #saved} was called last. */
  public static boolean grown() {
    return GROWN.get();
  }

  /** As if this process had compiled nothing yet. */
  public static void forget() {
    KEPT.clear();
    GROWN.set(false);
  }

  /** All that is kept, for {@link #restore} in another process. */
  public static byte[] saved() {
    GROWN.set(false);
    Map<Key, Expression> all;
    synchronized (KEPT) {
      all = new LinkedHashMap<>(KEPT);
    }
    return CompiledText.write(all);
  }

  /**
   * Takes over what another process of the same build has saved.
   *
   * @return whether it could be read; if not, nothing has changed
   */
  public static boolean restore(byte[] saved) {
    Optional<Map<Key, Expression>> read = CompiledText.read(saved);
    read.ifPresent(all -> all.forEach(KEPT::putIfAbsent));
    return read.isPresent();
  }
}
