package dev.muster.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.muster.expression.Compiled.Key;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * Compiled expressions as bytes: a checksum, the sets of variables, then the expressions, each with
 * what it reads and its {@linkplain CheckedText checked form}. The checked form is decoded when the
 * expression is evaluated; most of a plan's are not in most runs.
 */
final class CompiledText {
  private static final String FORMAT = "muster expressions 2";

  private CompiledText() {}

  static byte[] write(Map<Key, Expression> all) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(body)) {
      Framed.text(FORMAT, out);
      List<Map<String, Environment.Type>> environments =
          all.keySet().stream().map(Key::variables).distinct().toList();
      out.writeInt(environments.size());
      for (Map<String, Environment.Type> environment : environments) {
        out.writeInt(environment.size());
        for (Map.Entry<String, Environment.Type> variable : environment.entrySet()) {
          Framed.text(variable.getKey(), out);
          Framed.text(variable.getValue().name(), out);
        }
      }
      Map<Key, byte[]> checked = new LinkedHashMap<>();
      for (Map.Entry<Key, Expression> entry : all.entrySet()) {
        checked(entry.getValue()).ifPresent(bytes -> checked.put(entry.getKey(), bytes));
      }
      out.writeInt(checked.size());
      for (Map.Entry<Key, byte[]> entry : checked.entrySet()) {
        Key key = entry.getKey();
        out.writeInt(environments.indexOf(key.variables()));
        Framed.text(key.use().name(), out);
        Framed.text(key.code(), out);
        references(out, Objects.requireNonNull(all.get(key)).references());
        Framed.bytes(entry.getValue(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] content = body.toByteArray();
    return ByteBuffer.allocate(Long.BYTES + content.length)
        .putLong(checksum(content, 0))
        .put(content)
        .array();
  }

  /** Empty for what cannot be written down, which is then compiled each time. */
  private static Optional<byte[]> checked(Expression expression) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      CheckedText.write(expression.ast(), out);
      return Optional.of(bytes.toByteArray());
    } catch (CheckedText.Unsupported e) {
      return Optional.empty();
    }
  }

  /** Empty when these bytes are not what was once written, or were written in another form. */
  static Optional<Map<Key, Expression>> read(byte[] saved) {
    if (saved.length < Long.BYTES
        || ByteBuffer.wrap(saved).getLong() != checksum(saved, Long.BYTES)) {
      return Optional.empty();
    }
    try (DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(saved, Long.BYTES, saved.length - Long.BYTES))) {
      if (!Framed.text(in).equals(FORMAT)) {
        return Optional.empty();
      }
      List<Map<String, Environment.Type>> environments = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        Map<String, Environment.Type> environment = new LinkedHashMap<>();
        for (int variables = in.readInt(); variables > 0; variables--) {
          environment.put(Framed.text(in), Environment.Type.valueOf(Framed.text(in)));
        }
        environments.add(environment);
      }
      Map<Key, Expression> all = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        Map<String, Environment.Type> variables = environments.get(in.readInt());
        Expression.Use use = Expression.Use.valueOf(Framed.text(in));
        Key key = new Key(variables, Framed.text(in), use);
        Set<Reference> references = references(in);
        all.put(
            key, new Expression(decoded(Framed.bytes(in), key), variables.keySet(), references));
      }
      return Optional.of(all);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** What cannot be decoded is compiled from its code once more. */
  private static Supplier<CelAbstractSyntaxTree> decoded(byte[] checked, Key key) {
    return () -> {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(checked))) {
        return CheckedText.read(key.code(), in);
      } catch (IOException e) {
        return compiled(key);
      }
    };
  }

  private static CelAbstractSyntaxTree compiled(Key key) {
    try {
      return new Language(key.variables()).check(key.code()).getAst();
    } catch (CelValidationException e) {
      throw new IllegalStateException("compiled before: " + key.code(), e);
    }
  }

  private static void references(DataOutputStream out, Set<Reference> references)
      throws IOException {
    out.writeInt(references.size());
    for (Reference reference : references) {
      Framed.text(reference.root(), out);
      out.writeBoolean(reference.disclosed());
      out.writeInt(reference.path().size());
      for (String key : reference.path()) {
        Framed.text(key, out);
      }
    }
  }

  private static Set<Reference> references(DataInputStream in) throws IOException {
    Set<Reference> references = new LinkedHashSet<>();
    for (int left = in.readInt(); left > 0; left--) {
      String root = Framed.text(in);
      boolean disclosed = in.readBoolean();
      String[] path = new String[in.readInt()];
      for (int i = 0; i < path.length; i++) {
        path[i] = Framed.text(in);
      }
      references.add(new Reference(root, Arrays.asList(path), disclosed));
    }
    return references;
  }

  /** Against a file that was cut off or damaged; not against anybody. */
  private static long checksum(byte[] bytes, int from) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, bytes.length - from);
    return sum.getValue();
  }
}
