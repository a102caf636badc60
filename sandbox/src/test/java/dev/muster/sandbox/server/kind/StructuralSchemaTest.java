package dev.muster.sandbox.server.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fitting objects to the schema of a CRD. */
class StructuralSchemaTest {
  private static final JsonNode SCHEMA =
      json(
          "{'type':'object','required':['spec'],'properties':{'spec':{'type':'object','required':['size'],"
              + "'properties':{'size':{'type':'integer','minimum':1,'maximum':9},'mode':{'type':'string',"
              + "'enum':['on','off'],'default':'on'},'key':{'type':'string','format':'byte'},"
              + "'name':{'type':'string','pattern':'^[a-z]+$','maxLength':5},"
              + "'port':{'x-kubernetes-int-or-string':true},"
              + "'labels':{'type':'object','additionalProperties':{'type':'string'}},"
              + "'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true},"
              + "'list':{'type':'array','items':{'type':'object','properties':{'a':{'type':'boolean'}}}}}}}}");

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  private static StructuralSchema.Findings fit(ObjectNode object) {
    return StructuralSchema.fit(object, SCHEMA);
  }

  @Test
  void keepsWhatIsKnownAndDropsTheRest() {
    ObjectNode object =
        (ObjectNode)
            json(
                "{'apiVersion':'v','kind':'K','metadata':{'x':1},'extra':1,'spec':{'size':1,'other':2,"
                    + "'free':{'any':{'thing':1}},'labels':{'a':'b'},'list':[{'a':true,'b':1}]}}");
    StructuralSchema.Findings findings = fit(object);
    assertThat(findings.errors()).isEmpty();
    assertThat(findings.unknown())
        .containsExactlyInAnyOrder("extra", "spec.other", "spec.list[0].b");
    assertThat(object.path("spec"))
        .isEqualTo(
            json(
                "{'size':1,'free':{'any':{'thing':1}},'labels':{'a':'b'},'list':[{'a':true}],"
                    + "'mode':'on'}"));
    assertThat(object.at("/metadata/x").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'size':1,'key':''} | spec.key: Invalid value: \"\": spec.key in body must be of type byte: \"\"",
        "{'size':'x'} | spec.size: Invalid value: \"x\": spec.size in body must be of type integer: \"x\"",
        "{} | spec.size: Required value",
        "{'size':0} | spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
        "{'size':10} | spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9",
        "{'size':1,'mode':'x'} | spec.mode: Unsupported value: \"x\": supported values: \"on\", \"off\"",
        "{'size':1,'name':'A'} | spec.name: Invalid value: \"A\": spec.name in body should match '^[a-z]+$'",
        "{'size':1,'labels':{'a':1}} | spec.labels.a: Invalid value: \"1\": spec.labels.a in body must be of"
            + " type string: \"1\"",
        "{'size':1,'list':{}} | spec.list: Invalid value: \"object\": spec.list in body must be of type array:"
            + " \"object\"",
        "{'size':1,'name':null} | spec.name: Invalid value: \"null\": spec.name in body must be of type string:"
            + " \"null\"",
      })
  void saysWhatIsWrong(String spec, String expected) {
    ObjectNode object = Json.object();
    object.set("spec", json(spec));
    assertThat(fit(object).errors()).hasToString("[" + expected + "]");
  }
}
