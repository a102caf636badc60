package dev.muster.expression;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/**
 * CEL 0.14 goes through all parts of a value, to the last field of the last object of a list,
 * whenever a variable that holds it is named: with an expression for each member over a list with
 * an object for each, that is nearly all that a plan of a hundred takes. A list of a class of its
 * own, by which it marks what it has gone through already, it leaves alone; ours need no conversion
 * either. The class is not public, and where it is not to be had, all works the same, slowly.
 */
final class Unwalked {
  private static final Optional<Method> WRAP;
  private static final Optional<Field> INSIDE;

  static {
    Optional<Method> wrap = Optional.empty();
    Optional<Field> inside = Optional.empty();
    try {
      Class<?> marked = Class.forName("dev.cel.common.values.CelPreAdaptedList");
      Method method = marked.getDeclaredMethod("wrap", List.class);
      Field field = marked.getDeclaredField("delegate");
      method.setAccessible(true);
      field.setAccessible(true);
      wrap = Optional.of(method);
      inside = Optional.of(field);
    } catch (ReflectiveOperationException | RuntimeException notThere) {
      wrap = Optional.empty();
    }
    WRAP = wrap;
    INSIDE = inside;
  }

  private Unwalked() {}

  /** Whether the library has what this needs. */
  static boolean works() {
    return WRAP.isPresent();
  }

  /** The same list, marked as one that needs no conversion, which has to be true. */
  static List<?> list(List<?> view) {
    try {
      return WRAP.isPresent() ? (List<?>) WRAP.get().invoke(null, view) : view;
    } catch (ReflectiveOperationException e) {
      return view;
    }
  }

  /** What {@link #list} was given, or the list itself. */
  static List<?> inside(List<?> list) {
    try {
      return INSIDE.isPresent() && INSIDE.get().getDeclaringClass().isInstance(list)
          ? (List<?>) INSIDE.get().get(list)
          : list;
    } catch (ReflectiveOperationException e) {
      return list;
    }
  }
}
