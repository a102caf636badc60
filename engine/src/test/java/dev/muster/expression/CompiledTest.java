package dev.muster.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one process has compiled and another reads. */
@Isolated("what is compiled is kept for the whole process")
final class CompiledTest {
  private static final Environment ENVIRONMENT =
      Environment.builder().variable("greeting", Environment.Type.STRING).build();
  private static final String CODE = "${greeting + '!'}";

  private byte[] saved = new byte[0];

  @BeforeEach
  void save() {
    Compiled.forget();
    compile();
    saved = Compiled.saved();
    Compiled.forget();
  }

  private static Template compile() {
    return ENVIRONMENT.compile(CODE, Where.nowhere(), new Problems()).orElseThrow();
  }

  @Test
  void nothingIsTakenOverFromBytesThatWereDamagedAnywhere() {
    for (int at = 0; at < saved.length; at++) {
      byte[] damaged = saved.clone();
      damaged[at] ^= 0x40;
      assertThat(Compiled.restore(damaged)).as("byte %d", at).isFalse();
      assertThat(Compiled.restore(Arrays.copyOf(saved, at))).as("cut at %d", at).isFalse();
    }
    compile();
    assertThat(Compiled.grown()).isTrue();
  }

  @Test
  void anExpressionIsTheSameOnlyWithTheSameVariables() {
    assertThat(Compiled.restore(saved)).isTrue();
    compile();
    assertThat(Compiled.grown()).isFalse();

    ENVIRONMENT
        .with("greeting", Environment.Type.DYN)
        .compile(CODE, Where.nowhere(), new Problems());

    assertThat(Compiled.grown()).isTrue();
  }

  @Test
  void whatIsAlreadyCompiledStays() {
    Template before = compile();
    assertThat(Compiled.restore(saved)).isTrue();
    Map<String, com.fasterxml.jackson.databind.JsonNode> hello =
        Map.of("greeting", TextNode.valueOf("hello"));
    assertThat(compile().evaluate(hello)).isEqualTo(before.evaluate(hello));
  }

  @ParameterizedTest
  @MethodSource("dev.muster.expression.ExpressionCasesTest#cases")
  void givesTheSameOnceWrittenDown(String line) throws IOException {
    int arrow = line.lastIndexOf(" => ");
    String code = line.substring(0, arrow);
    Template made = ExpressionCasesTest.compiled(code);
    byte[] written = Compiled.saved();
    Compiled.forget();
    assertThat(Compiled.restore(written)).isTrue();

    Template restored = ExpressionCasesTest.compiled(code);

    assertThat(Compiled.grown()).as("whether it was compiled anew").isFalse();
    assertThat(restored.references()).isEqualTo(made.references());
    assertThat(restored.evaluate(ExpressionCasesTest.variables()))
        .isEqualTo(ExpressionCasesTest.expected(line.substring(arrow + 4)));
  }
}
