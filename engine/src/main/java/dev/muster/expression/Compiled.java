package dev.muster.expression;

import dev.muster.expression.CompileErrors.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The expressions that this process has compiled. Checking one takes a millisecond or two even when
 * the code is warm, a plan has hundreds, and a program that reconciles again and again reads the
 * same plan each time. Only what is sound is kept: errors belong to a place in a file.
 */
final class Compiled {
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

  /** What an expression means depends on nothing else. */
  private record Key(Map<String, Environment.Type> variables, String code, Expression.Use use) {}

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
    made.ifPresent(expression -> KEPT.put(key, expression));
    return made;
  }
}
