package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The types of {@link Functions} for the checker and their code for the evaluation. */
final class FunctionTable {
  private static final CelType ANY = SimpleType.DYN;
  private static final CelType TEXT = SimpleType.STRING;
  private static final CelType TRUTH = SimpleType.BOOL;

  private final List<CelFunctionDecl> declarations = new ArrayList<>();
  private final List<CelFunctionBinding> bindings = new ArrayList<>();

  FunctionTable() {
    bind("omit", ANY, List.of(), args -> new Values.Special(Functions.omit()));
    bind(
        "generated",
        ANY,
        List.of(TEXT, SimpleType.INT),
        args -> new Values.Special(Functions.generated((String) args[0], (Long) args[1])));
    ofAny("issued", ANY, token -> new Values.Special(Functions.issued(token)));
    ofObject("condition", TRUTH, Functions::condition);
    ofObject("conditionStatus", TEXT, Functions::conditionStatus);
    ofObject("conditionReason", TEXT, Functions::conditionReason);
    ofObject("conditionMessage", TEXT, Functions::conditionMessage);
    ofObject("hasFinalizer", TRUTH, Functions::hasFinalizer);
    ofAny("rolledOut", TRUTH, Functions::rolledOut);
    ofAny("rolloutState", TEXT, Functions::rolloutState);
    ofAny("seconds", SimpleType.DOUBLE, Functions::seconds);
    ofAny("fingerprint", TEXT, Functions::fingerprint);
    bind(
        "sameValue",
        TRUTH,
        List.of(ANY, ANY),
        args -> Functions.sameValue(Values.toJson(args[0]), Values.toJson(args[1])));
    bind(
        "withoutKeys",
        ANY,
        List.of(ANY, TEXT),
        args -> Values.fromJson(Functions.withoutKeys(Values.toJson(args[0]), (String) args[1])));
    bind(
        "having",
        ListType.create(ANY),
        List.of(ANY, TEXT, ANY),
        args ->
            Values.fromJson(
                Functions.having(
                    Values.toJson(args[0]), (String) args[1], Values.toJson(args[2]))));
    ofTexts("versionAtLeast", Functions::versionAtLeast);
    ofTexts("versionBelow", Functions::versionBelow);
    ofTexts("after", Functions::after);
    bind("base64Encode", TEXT, List.of(TEXT), args -> Functions.base64Encode((String) args[0]));
    bind("base64Decode", TEXT, List.of(TEXT), args -> Functions.base64Decode((String) args[0]));
    bind(
        "kubeconfig",
        ANY,
        List.of(TEXT),
        args -> Values.fromJson(CredentialFunctions.kubeconfig((String) args[0])));
    ofSecret("kubeconfigExpiry", CredentialFunctions::kubeconfigExpiry);
    ofSecret("certificateExpiry", CredentialFunctions::certificateExpiry);
    ofSecret("tokenExpiry", CredentialFunctions::tokenExpiry);
    ofTexts("sameDocument", CredentialFunctions::sameDocument);
    ofLines("matchesAny", TRUTH, Functions::matchesAny);
    ofLines("lastMatch", TEXT, Functions::lastMatch);
  }

  List<CelFunctionDecl> declarations() {
    return declarations;
  }

  List<CelFunctionBinding> bindings() {
    return bindings;
  }

  private void ofAny(String name, CelType result, Function<JsonNode, ?> code) {
    bind(name, result, List.of(ANY), args -> code.apply(Values.toJson(args[0])));
  }

  private void ofObject(String name, CelType result, BiFunction<JsonNode, String, ?> code) {
    bind(
        name,
        result,
        List.of(ANY, TEXT),
        args -> code.apply(Values.toJson(args[0]), (String) args[1]));
  }

  private void ofTexts(String name, BiFunction<String, String, ?> code) {
    bind(name, TRUTH, List.of(TEXT, TEXT), args -> code.apply((String) args[0], (String) args[1]));
  }

  private void ofSecret(String name, Function<String, Optional<String>> code) {
    bind(name, OptionalType.create(TEXT), List.of(TEXT), args -> code.apply((String) args[0]));
  }

  private void ofLines(String name, CelType result, BiFunction<JsonNode, String, ?> code) {
    bind(
        name,
        result,
        List.of(ListType.create(ANY), TEXT),
        args -> code.apply(Values.toJson(args[0]), (String) args[1]));
  }

  // All code bound here is a reference to a static method.
  @SuppressWarnings("Immutable")
  private void bind(
      String name, CelType result, List<CelType> parameters, Function<Object[], Object> code) {
    String id = "muster_" + name;
    declarations.add(
        CelFunctionDecl.newFunctionDeclaration(
            name, CelOverloadDecl.newGlobalOverload(id, result, parameters)));
    List<Class<?>> classes = new ArrayList<>();
    for (CelType parameter : parameters) {
      classes.add(javaClass(parameter));
    }
    CelFunctionBinding binding =
        CelFunctionBinding.from(id, classes, args -> code.apply(Arrays.copyOf(args, args.length)));
    bindings.addAll(CelFunctionBinding.fromOverloads(name, binding));
  }

  private static Class<?> javaClass(CelType type) {
    if (type.equals(TEXT)) {
      return String.class;
    }
    if (type.equals(SimpleType.INT)) {
      return Long.class;
    }
    return type instanceof ListType ? List.class : Object.class;
  }
}
