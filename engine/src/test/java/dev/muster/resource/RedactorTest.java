package dev.muster.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedactorTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";

  private final Redactor redactor = new Redactor();

  @Test
  void masksWhatWasLearnedInTheMiddleOfATextLongestFirst() {
    redactor.learn("verysecret");
    redactor.learn("verysecretindeed");
    assertThat(redactor.mask("x verysecretindeed y verysecret"))
        .isEqualTo("x (sensitive) y (sensitive)");
  }

  @Test
  void leavesShortWordsAlone() {
    redactor.learn("admin");
    assertThat(redactor.mask("the admin")).isEqualTo("the admin");
  }

  @Test
  void learnsTheKeyOfACommandLineAndNotItsAddressesAndNames() throws Exception {
    var tree =
        new ObjectMapper()
            .readTree(
                "{\"containers\":[{\"command\":[\"/agent\",\"--name=a-rather-long-cluster-name-of-ours\","
                    + "\"--token="
                    + TOKEN
                    + "\",\"--proxy-server=http://203.0.113.7:8080\"]}]}");
    redactor.learn(tree, List.of("containers.command"));
    assertThat(redactor.mask("--proxy-server=http://203.0.113.7:8080 for " + TOKEN))
        .isEqualTo("--proxy-server=http://203.0.113.7:8080 for (sensitive)");
    assertThat(redactor.mask("a-rather-long-cluster-name-of-ours"))
        .isEqualTo("a-rather-long-cluster-name-of-ours");
  }
}
