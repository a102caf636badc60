package dev.muster.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import dev.muster.bound.Bounds;
import java.io.IOException;

/** JSON from clusters as a tree, within bounds of depth and size. */
final class Answers {
  static final ObjectMapper JSON = mapper();

  private Answers() {}

  private static ObjectMapper mapper() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(Bounds.ANSWER_DEPTH)
            .maxNumberLength(Bounds.DIGITS)
            .maxStringLength(Bounds.ANSWER)
            .maxTokenCount(Bounds.ANSWER_TOKENS)
            .build();
    ObjectMapper mapper =
        new ObjectMapper(JsonFactory.builder().streamReadConstraints(constraints).build());
    mapper.setNodeFactory(new Finite());
    return mapper;
  }

  /** Whether a body is JSON of a size that no API server gives, as opposed to being none. */
  static boolean excessive(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == com.fasterxml.jackson.core.JsonToken.VALUE_STRING) {
          parser.getTextLength();
        }
      }
      return false;
    } catch (StreamConstraintsException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static JsonNode tree(String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (NotFinite e) {
      throw new IOException(e);
    }
  }

  static JsonNode tree(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (NotFinite e) {
      throw new IOException(e);
    }
  }

  private static final class NotFinite extends RuntimeException {}

  /** 1e999 is JSON, and a number that cannot be compared or written again. */
  private static final class Finite extends JsonNodeFactory {
    @Override
    public NumericNode numberNode(double value) {
      if (!Double.isFinite(value)) {
        throw new NotFinite();
      }
      return super.numberNode(value);
    }
  }
}
