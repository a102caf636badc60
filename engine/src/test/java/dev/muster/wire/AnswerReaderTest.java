package dev.muster.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server may send, byte by byte; {@code |} stands for the end of a line. */
class AnswerReaderTest {
  private static AnswerReader reader(String bytes, int limit) {
    return new AnswerReader(
        new ByteArrayInputStream(bytes.replace("|", "\r\n").getBytes(ISO_8859_1)), limit);
  }

  static Stream<Arguments> good() {
    return Stream.of(
        Arguments.of("HTTP/1.1 200 OK|Content-Length: 2||hi", 200, "hi", true),
        Arguments.of("HTTP/1.1 200|Content-Length: 0||", 200, "", true),
        Arguments.of("HTTP/1.1 404 Not Found\nContent-Length: 2\n\nno", 404, "no", true),
        Arguments.of("HTTP/1.1 200 OK|content-LENGTH:2||hi", 200, "hi", true),
        Arguments.of("HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 2||hi", 200, "hi", true),
        Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|hi|0||", 200, "hi", true),
        Arguments.of(
            "HTTP/1.1 200 OK|Transfer-Encoding: Chunked||1;x=y|h|01|i|0|X-Sum: 1||",
            200,
            "hi",
            true),
        Arguments.of("HTTP/1.1 204 No Content||", 204, "", true),
        Arguments.of("HTTP/1.1 304 Not Modified|Content-Length: 0||", 304, "", true),
        Arguments.of(
            "HTTP/1.1 100 Continue||HTTP/1.1 103 Hints|Link: x||HTTP/1.1 200 OK|Content-Length: 0||",
            200,
            "",
            true),
        Arguments.of("HTTP/1.1 200 OK|Connection: close|Content-Length: 2||hi", 200, "hi", false),
        Arguments.of(
            "HTTP/1.1 200 OK|Connection: x, Close|Content-Length: 2||hi", 200, "hi", false),
        Arguments.of(
            "HTTP/1.1 200 OK|Connection: x|Connection: close|Content-Length: 0||", 200, "", false),
        Arguments.of("HTTP/1.0 200 OK|Content-Length: 2||hi", 200, "hi", false),
        Arguments.of("HTTP/1.1 200 OK||until the end", 200, "until the end", false));
  }

  @ParameterizedTest
  @MethodSource("good")
  void readsWhatServersSend(String bytes, int code, String body, boolean reusable)
      throws IOException {
    AnswerReader reader = reader(bytes, 100);

    Answer answer = reader.read();

    assertThat(answer.code()).isEqualTo(code);
    assertThat(new String(answer.body(), ISO_8859_1)).isEqualTo(body);
    assertThat(reader.reusable()).isEqualTo(reusable);
  }

  static Stream<String> ambiguous() {
    return Stream.of(
        "HTTP/1.1 200 OK|Content-Length: 2||hi and more",
        "HTTP/1.1 200 OK|Content-Length: 2||hiHTTP/1.1 200 OK|Content-Length: 2||ho",
        "HTTP/1.1 200 OK|Content-Length: 9|Transfer-Encoding: chunked||2|hi|0||",
        "HTTP/1.1 204 No Content|Content-Length: 2||hi",
        "HTTP/1.1 304 Not Modified|Transfer-Encoding: chunked||2|hi|0||");
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void nothingIsReadAfterWhatCouldBeReadInTwoWays(String bytes) throws IOException {
    AnswerReader reader = reader(bytes, 100);

    assertThat(reader.read().body()).hasSizeLessThan(3);
    assertThat(reader.reusable()).isFalse();
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("", "hung up without an answer"),
        Arguments.of("HTTP/1.1 200 OK|Content-Le", "hung up in the middle"),
        Arguments.of("HTTP/1.1 200 OK|Content-Length: 9||hi", "hung up in the middle"),
        Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|hi|", "hung up in the middle"),
        Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hi", "hung up in the middle"),
        Arguments.of("SSH-2.0-OpenSSH_9.2|", "no answer of HTTP/1.1"),
        Arguments.of("HTTP/2 200|||", "no answer of HTTP/1.1"),
        Arguments.of("HTTP/1.1 2000 OK||", "no answer of HTTP/1.1"),
        Arguments.of("HTTP/1.1 099 OK||", "no answer of HTTP/1.1"),
        Arguments.of("HTTP/1.1 101 Switching Protocols|Upgrade: x||", "another protocol"),
        Arguments.of("HTTP/1.1 100 Go||".repeat(20), "again and again"),
        Arguments.of("HTTP/1.1 200 OK|no colon||", "header line that is none"),
        Arguments.of("HTTP/1.1 200 OK|Content-Length : 2||hi", "header line that is none"),
        Arguments.of("HTTP/1.1 200 OK|X: a| folded||", "header line that is none"),
        Arguments.of("HTTP/1.1 200 OK|: a||", "header line that is none"),
        Arguments.of("HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 3||hi!", "two lengths"),
        Arguments.of("HTTP/1.1 200 OK|Content-Length: +2||hi", "length that is none"),
        Arguments.of("HTTP/1.1 200 OK|Content-Length: 2, 2||hi", "length that is none"),
        Arguments.of("HTTP/1.1 200 OK|Content-Length: -1||hi", "length that is none"),
        Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||", "not asked for"),
        Arguments.of(
            "HTTP/1.1 200 OK|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
            "not asked for"),
        Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: chunked||x|", "chunk without a size"),
        Arguments.of("HTTP/1.1 200 OK|Transfer-Encoding: chunked||-1|", "chunk without a size"),
        Arguments.of(
            "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1|hi|0||", "longer than it says"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesWhatIsNoAnswer(String bytes, String why) {
    assertThatThrownBy(reader(bytes, 100)::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  static Stream<String> large() {
    return Stream.of(
        "HTTP/1.1 200 OK|Content-Length: 101||",
        "HTTP/1.1 200 OK|Content-Length: 999999999999999999||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||ffffffff|",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||64|" + "x".repeat(100) + "|1|x|0||",
        "HTTP/1.1 200 OK||" + "x".repeat(101));
  }

  @ParameterizedTest
  @MethodSource("large")
  void takesInNoMoreThanItIsTold(String bytes) {
    assertThatThrownBy(reader(bytes, 100)::read).isInstanceOf(TooLarge.class);
  }

  @Test
  void aHeadHasAnEnd() {
    for (String endless :
        new String[] {
          "HTTP/1.1 200 " + "x".repeat(1 << 20),
          "HTTP/1.1 200 OK|X: " + "x".repeat(1 << 20),
          "HTTP/1.1 200 OK|" + "X: 0123456789|".repeat(10_000),
          "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0|" + "X: 0123456789|".repeat(10_000),
          "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1;" + "x".repeat(1 << 20)
        }) {
      assertThatThrownBy(reader(endless, 100)::read).hasMessageContaining("does not end");
    }
  }

  @Test
  void tellsWhetherAnAnswerHadBegun() {
    AnswerReader nothing = reader("", 100);
    AnswerReader something = reader("H", 100);

    assertThatThrownBy(nothing::read).isInstanceOf(IOException.class);
    assertThatThrownBy(something::read).isInstanceOf(IOException.class);

    assertThat(nothing.begun()).isFalse();
    assertThat(something.begun()).isTrue();
  }
}
