package dev.muster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.muster.problem.Problems;
import dev.muster.topology.SchemaCheck;
import dev.muster.yaml.YamlReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read makes no objects, starts nothing and fetches nothing. */
class InertReadingTest {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.muster");

  @Test
  void nothingIsDeserializedAndNoYamlIsConstructed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.beans.XMLDecoder")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.yaml.snakeyaml.Yaml")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("org.yaml.snakeyaml.constructor..")
        .check(ENGINE);
  }

  @Test
  void onlyFourPackagesSpeakToTheNetwork() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.muster.kube..", "dev.muster.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.muster.wire..")
        .check(ENGINE);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.muster.kube..", "dev.muster.wire..", "dev.muster.notify..", "dev.muster.fetch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.Socket")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.URLConnection")
        .check(ENGINE);
  }

  @Test
  void aSchemaElsewhereIsNotFetched() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.configureBlocking(false);
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      String schema =
          """
          {"$schema": "http://127.0.0.1:%1$d/meta", "$ref": "http://127.0.0.1:%1$d/schema"}
          """
              .formatted(port);
      Problems problems = new Problems();
      boolean sound;
      try {
        sound =
            new SchemaCheck(new ObjectMapper().readTree(schema))
                .check(YamlReader.readAll("x.yaml", "a: 1\n", problems).get(0), problems);
      } catch (RuntimeException e) {
        sound = false;
      }
      assertThat(sound).isFalse();
      assertThat(server.accept()).isNull();
    }
  }

  @Test
  void tagsOfYamlMakeNoObjects() {
    for (String tag :
        List.of("!!javax.script.ScriptEngineManager", "!!java.net.URL", "!<tag:yaml.org,2002:x>")) {
      Problems problems = new Problems();
      var documents =
          YamlReader.readAll("x.yaml", "a: " + tag + " ['http://127.0.0.1:1/']\n", problems);
      String all =
          problems.all().toString() + documents.stream().map(d -> d.json().toString()).toList();
      assertThat(all).doesNotContain("ScriptEngineManager@", "URL@");
      assertThat(problems.all()).as(tag).isNotEmpty();
    }
  }
}
