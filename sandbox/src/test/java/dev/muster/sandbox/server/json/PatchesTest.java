package dev.muster.sandbox.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three kinds of patches on plain trees. */
class PatchesTest {
  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}",
        "{'a':[1,3]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2,3]}",
        "{'a':[1]} | [{'op':'add','path':'/a/-','value':2}] | {'a':[1,2]}",
        "{'a':[1]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2]}",
        "{'a':1,'b':2} | [{'op':'remove','path':'/a'}] | {'b':2}",
        "{'a':[1,2]} | [{'op':'remove','path':'/a/0'}] | {'a':[2]}",
        "{'a':{'b':1}} | [{'op':'replace','path':'/a/b','value':null}] | {'a':{'b':null}}",
        "{'a':1} | [{'op':'replace','path':'','value':[]}] | []",
        "{'a':{'b':1},'c':{}} | [{'op':'move','from':'/a/b','path':'/c/d'}] | {'a':{},'c':{'d':1}}",
        "{'a':{'b':1}} | [{'op':'copy','from':'/a','path':'/c'}] | {'a':{'b':1},'c':{'b':1}}",
        "{'a/b':1,'m~n':2} | [{'op':'remove','path':'/a~1b'},{'op':'test','path':'/m~0n','value':2}] | {'m~n':2}",
        "{'a':1} | [{'op':'test','path':'/a','value':1.0}] | {'a':1}",
        "{'a':{'x':1,'y':2}} | [{'op':'test','path':'/a','value':{'y':2,'x':1}}] | {'a':{'x':1,'y':2}}",
        "{'':1} | [{'op':'replace','path':'/','value':2}] | {'':2}",
      })
  void appliesJsonPatches(String document, String patch, String expected) throws PatchFailure {
    assertThat(JsonPatchApply.apply(json(document), json(patch))).isEqualTo(json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1} | [{'op':'test','path':'/a','value':'1'}]",
        "{'a':1} | [{'op':'test','path':'/b','value':null}]",
        "{'a':1} | [{'op':'remove','path':'/b'}]",
        "{'a':1} | [{'op':'replace','path':'/b','value':1}]",
        "{'a':1} | [{'op':'add','path':'/b/c','value':1}]",
        "{'a':1} | [{'op':'add','path':'/a/c','value':1}]",
        "{'a':[1]} | [{'op':'add','path':'/a/2','value':1}]",
        "{'a':[1]} | [{'op':'remove','path':'/a/-'}]",
        "{'a':[1]} | [{'op':'remove','path':'/a/00'}]",
        "{'a':[1]} | [{'op':'add','path':'/a/x','value':1}]",
        "{'a':{'b':1}} | [{'op':'move','from':'/a','path':'/a/b'}]",
      })
  void refusesWhatDoesNotFit(String document, String patch) {
    JsonNode before = json(document);
    assertThatThrownBy(() -> JsonPatchApply.apply(before, json(patch)))
        .isInstanceOfSatisfying(PatchFailure.class, e -> assertThat(e.isMalformed()).isFalse());
    assertThat(before).isEqualTo(json(document));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}",
        "[{'op':'add','path':'/a'}]",
        "[{'op':'add','path':'a','value':1}]",
        "[{'op':'grow','path':'/a'}]",
        "[{'path':'/a'}]",
      })
  void refusesWhatIsNoPatch(String patch) {
    assertThatThrownBy(() -> JsonPatchApply.apply(json("{'a':1}"), json(patch)))
        .isInstanceOfSatisfying(PatchFailure.class, e -> assertThat(e.isMalformed()).isTrue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':'b'} | {'a':'c'} | {'a':'c'}",
        "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
        "{'a':['b']} | {'a':'c'} | {'a':'c'}",
        "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
        "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
        "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}",
      })
  void appliesMergePatches(String document, String patch, String expected) {
    assertThat(MergePatch.apply(json(document), json(patch))).isEqualTo(json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'env':[{'name':'A','value':'1'}]} | {'env':[{'name':'A','value':'2'},{'name':'B'}]} |"
            + " {'env':[{'name':'A','value':'2'},{'name':'B'}]}",
        "{'env':[{'name':'A'},{'name':'B'}]} | {'env':[{'name':'A','$patch':'delete'}]} | {'env':[{'name':'B'}]}",
        "{'env':[{'name':'A'}]} | {'env':[{'$patch':'replace'},{'name':'C'}]} | {'env':[{'name':'C'}]}",
        "{'s':{'a':1,'b':2}} | {'s':{'$retainKeys':['a'],'a':3}} | {'s':{'a':3}}",
        "{'s':{'a':1}} | {'s':{'$patch':'replace','b':2}} | {'s':{'b':2}}",
        "{'args':['x']} | {'args':['y']} | {'args':['y']}",
        "{'finalizers':['x']} | {'finalizers':['y']} | {'finalizers':['x','y']}",
        "{'finalizers':['x','y']} | {'$deleteFromPrimitiveList/finalizers':['x']} | {'finalizers':['y']}",
        "{'env':[{'name':'A'},{'name':'B'}]} | {'$setElementOrder/env':[{'name':'B'},{'name':'A'}],"
            + "'env':[{'name':'A','value':'1'}]} | {'env':[{'name':'B'},{'name':'A','value':'1'}]}",
        "{'a':{'b':1}} | {'a':null} | {}",
      })
  void appliesStrategicPatches(String document, String patch, String expected) throws PatchFailure {
    assertThat(StrategicMerge.apply((ObjectNode) json(document), (ObjectNode) json(patch)))
        .isEqualTo(json(expected));
  }

  @Test
  void followsTheJsonPathsOfPrinterColumns() {
    JsonNode object =
        json(
            "{'metadata':{'labels':{'a.b/c':'x'}},'status':{'conditions':[{'type':'Ready','status':'True'},"
                + "{'type':'Other','status':'False'}]}}");
    assertThat(JsonPaths.find(object, ".metadata.labels.a\\.b/c")).containsExactly(json("'x'"));
    assertThat(JsonPaths.find(object, ".metadata.labels['a\\.b/c']")).containsExactly(json("'x'"));
    assertThat(JsonPaths.find(object, ".status.conditions[?(@.type==\"Ready\")].status"))
        .containsExactly(json("'True'"));
    assertThat(JsonPaths.find(object, ".status.conditions[*].status")).hasSize(2);
    assertThat(JsonPaths.find(object, ".status.conditions[1].type"))
        .containsExactly(json("'Other'"));
    assertThat(JsonPaths.find(object, ".status.nothing.here")).isEmpty();
  }
}
