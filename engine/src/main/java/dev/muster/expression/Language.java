package dev.muster.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** CEL with one environment's variables; the evaluation part is shared by all environments. */
final class Language {
  /** Loops of one evaluation in all, nested ones multiplied. */
  static final int MAX_ITERATIONS = 200_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .enableQuotedIdentifierSyntax(true)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .maxExpressionCodePointSize(20_000)
          .maxParseRecursionDepth(100)
          .build();
  private static final FunctionTable FUNCTIONS = new FunctionTable();
  private static final CelRuntime RUNTIME =
      Growth.limit(CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS), OPTIONS)
          .addLibraries(CelExtensions.optional())
          .addFunctionBindings(FUNCTIONS.bindings())
          .build();

  private final CelCompiler compiler;
  private final Map<String, Environment.Type> variables;

  Language(Map<String, Environment.Type> variables) {
    this.variables = variables;
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                CelExtensions.optional(), CelExtensions.strings(), CelExtensions.bindings())
            .addFunctionDeclarations(FUNCTIONS.declarations());
    variables.forEach((name, type) -> builder.addVar(name, celType(type)));
    this.compiler = builder.build();
  }

  private static CelType celType(Environment.Type type) {
    return switch (type) {
      case MAP -> MapType.create(SimpleType.STRING, SimpleType.DYN);
      case LIST -> ListType.create(SimpleType.DYN);
      case STRING -> SimpleType.STRING;
      case BOOL -> SimpleType.BOOL;
      case INT -> SimpleType.INT;
      case DYN -> SimpleType.DYN;
    };
  }

  CelValidationResult check(String code) {
    return compiler.compile(code);
  }

  Map<String, Environment.Type> variables() {
    return variables;
  }

  /** The names that can be called without a target, ours and the most used of CEL. */
  static Set<String> functionNames() {
    TreeSet<String> names =
        new TreeSet<>(
            List.of(
                "size",
                "int",
                "double",
                "string",
                "bool",
                "has",
                "duration",
                "timestamp",
                "type",
                "matches",
                "contains",
                "startsWith",
                "endsWith",
                "exists",
                "exists_one",
                "all",
                "filter",
                "map",
                "orValue",
                "join",
                "split",
                "replace",
                "lowerAscii",
                "upperAscii",
                "trim",
                "substring",
                "indexOf",
                "lastIndexOf",
                "format",
                "hasValue"));
    FUNCTIONS.declarations().stream().map(CelFunctionDecl::name).forEach(names::add);
    return names;
  }

  static CelRuntime.Program program(CelAbstractSyntaxTree ast) throws CelEvaluationException {
    return RUNTIME.createProgram(ast);
  }
}
