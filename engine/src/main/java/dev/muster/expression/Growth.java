package dev.muster.expression;

import dev.cel.common.CelOptions;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The functions of CEL whose result can be many times longer than their arguments, with a limit:
 * CEL counts loops, but {@code cel.bind(a, s + s, cel.bind(b, a + a, ...))} has none and would fill
 * the memory. And those that take longer for longer arguments, which look at the {@link Effort}.
 */
final class Growth {
  static final int MAX_LENGTH = 4_000_000;

  /** Every loop whose rounds are long needs one of these, or {@code +}, to do anything with it. */
  private static final Map<StandardFunction, String> TIMED =
      Map.ofEntries(
          Map.entry(StandardFunction.EQUALS, "_==_"),
          Map.entry(StandardFunction.NOT_EQUALS, "_!=_"),
          Map.entry(StandardFunction.LESS, "_<_"),
          Map.entry(StandardFunction.LESS_EQUALS, "_<=_"),
          Map.entry(StandardFunction.GREATER, "_>_"),
          Map.entry(StandardFunction.GREATER_EQUALS, "_>=_"),
          Map.entry(StandardFunction.IN, "@in"),
          Map.entry(StandardFunction.SIZE, "size"),
          Map.entry(StandardFunction.STRING, "string"),
          Map.entry(StandardFunction.BYTES, "bytes"),
          Map.entry(StandardFunction.CONTAINS, "contains"),
          Map.entry(StandardFunction.STARTS_WITH, "startsWith"),
          Map.entry(StandardFunction.ENDS_WITH, "endsWith"));

  private Growth() {}

  /** Replaces these functions and adds the others of the strings extension. */
  static CelRuntimeBuilder limit(CelRuntimeBuilder builder, CelOptions options) {
    Set<CelStringExtensions.Function> others =
        EnumSet.complementOf(
            EnumSet.of(CelStringExtensions.Function.REPLACE, CelStringExtensions.Function.JOIN));
    Set<StandardFunction> own = EnumSet.of(StandardFunction.ADD, StandardFunction.MATCHES);
    own.addAll(TIMED.keySet());
    return builder
        .setStandardFunctions(CelStandardFunctions.newBuilder().excludeFunctions(own).build())
        .addLibraries(CelExtensions.strings(others))
        .addFunctionBindings(timed(options))
        .addFunctionBindings(CelFunctionBinding.fromOverloads("_+_", plus(options)))
        .addFunctionBindings(
            CelFunctionBinding.fromOverloads(
                "matches",
                CelFunctionBinding.from("matches", String.class, String.class, Functions::matches),
                CelFunctionBinding.from(
                    "matches_string", String.class, String.class, Functions::matches)))
        .addFunctionBindings(
            CelFunctionBinding.fromOverloads(
                "join",
                CelFunctionBinding.from("list_join", List.class, list -> join(list, "")),
                CelFunctionBinding.from(
                    "list_join_string", List.class, String.class, Growth::join)))
        .addFunctionBindings(
            CelFunctionBinding.fromOverloads(
                "replace",
                CelFunctionBinding.from(
                    "string_replace_string_string",
                    List.of(String.class, String.class, String.class),
                    args -> replace((String) args[0], (String) args[1], (String) args[2], -1)),
                CelFunctionBinding.from(
                    "string_replace_string_string_int",
                    List.of(String.class, String.class, String.class, Long.class),
                    args ->
                        replace(
                            (String) args[0],
                            (String) args[1],
                            (String) args[2],
                            (Long) args[3]))));
  }

  private static List<CelFunctionBinding> timed(CelOptions options) {
    RuntimeEquality equality = RuntimeEquality.create(RuntimeHelpers.create(), options);
    List<CelFunctionBinding> all = new ArrayList<>();
    TIMED.forEach(
        (function, name) -> {
          List<CelFunctionBinding> overloads = new ArrayList<>();
          for (CelFunctionBinding own :
              CelStandardFunctions.newBuilder()
                  .includeFunctions(function)
                  .build()
                  .newFunctionBindings(equality, options)) {
            if (!own.getOverloadId().equals(name)) {
              overloads.add(timed(own));
            }
          }
          all.addAll(CelFunctionBinding.fromOverloads(name, overloads));
        });
    return all;
  }

  // What CEL defines is immutable, as it says itself.
  @SuppressWarnings("Immutable")
  private static CelFunctionBinding timed(CelFunctionBinding own) {
    CelFunctionOverload definition = own.getDefinition();
    List<Class<?>> types = own.getArgTypes();
    return types.size() == 1
        ? CelFunctionBinding.from(
            own.getOverloadId(), types.get(0), value -> timed(definition, value))
        : CelFunctionBinding.from(
            own.getOverloadId(), types.get(0), types.get(1), (a, b) -> timed(definition, a, b));
  }

  private static Object timed(CelFunctionOverload definition, Object... args)
      throws CelEvaluationException {
    Effort.check();
    return definition.apply(args);
  }

  /** All of {@code +}: CEL looks for one function by its name before it looks at overloads. */
  private static List<CelFunctionBinding> plus(CelOptions options) {
    RuntimeEquality equality = RuntimeEquality.create(RuntimeHelpers.create(), options);
    List<CelFunctionBinding> all = new ArrayList<>();
    for (AddOverload overload : AddOverload.values()) {
      all.add(
          switch (overload) {
            case ADD_STRING ->
                CelFunctionBinding.from("add_string", String.class, String.class, Growth::plus);
            case ADD_LIST ->
                CelFunctionBinding.from("add_list", List.class, List.class, Growth::plus);
            default -> overload.newFunctionBinding(options, equality);
          });
    }
    return all;
  }

  private static Object plus(String a, String b) {
    Effort.check();
    check((long) a.length() + b.length());
    return a + b;
  }

  private static Object plus(List<?> a, List<?> b) {
    Effort.check();
    check((long) a.size() + b.size());
    List<Object> both = new ArrayList<>(a.size() + b.size());
    both.addAll(a);
    both.addAll(b);
    return both;
  }

  private static Object join(List<?> list, String separator) {
    Effort.check();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof String item)) {
        throw new FunctionFailure("join() needs a list of strings; convert with map(x, string(x))");
      }
      check((long) text.length() + separator.length() + item.length());
      text.append(i == 0 ? "" : separator).append(item);
    }
    return text.toString();
  }

  private static Object replace(String text, String search, String by, long limit) {
    Effort.check();
    StringBuilder result = new StringBuilder();
    int from = 0;
    long left = limit < 0 ? Long.MAX_VALUE : limit;
    int at = text.indexOf(search);
    while (at >= 0 && left-- > 0) {
      check((long) result.length() + text.length() - from + by.length());
      result.append(text, from, at).append(by);
      from = at + search.length();
      if (search.isEmpty()) {
        // Before each character and at the end, as for any other empty match.
        if (at == text.length()) {
          break;
        }
        result.append(text.charAt(at));
        from = at + 1;
      }
      at = text.indexOf(search, from);
    }
    return result.append(text, Math.min(from, text.length()), text.length()).toString();
  }

  private static void check(long length) {
    if (length > MAX_LENGTH) {
      throw new FunctionFailure("costs too much: a value grows beyond " + MAX_LENGTH + " parts");
    }
  }
}
