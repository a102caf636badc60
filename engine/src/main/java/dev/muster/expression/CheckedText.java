package dev.muster.expression;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checked expression as bytes: its tree, where its parts stand, and what the checker found out
 * about types and overloads. CEL's own form for it is made of Protocol Buffers, whose code takes
 * longer to load than it takes to read all expressions of a run.
 */
final class CheckedText {
  /** A part that no expression of ours has, such as a message of Protocol Buffers. */
  static final class Unsupported extends IOException {
    Unsupported(String what) {
      super(what);
    }
  }

  private enum Form {
    CONSTANT,
    IDENT,
    SELECT,
    CALL,
    LIST,
    MAP,
    COMPREHENSION
  }

  private enum Constant {
    NULL,
    BOOL,
    INT,
    UINT,
    DOUBLE,
    STRING,
    BYTES
  }

  private CheckedText() {}

  static void write(CelAbstractSyntaxTree ast, DataOutputStream out) throws IOException {
    Map<Long, Integer> positions = ast.getSource().getPositionsMap();
    out.writeInt(positions.size());
    for (Map.Entry<Long, Integer> position : positions.entrySet()) {
      out.writeLong(position.getKey());
      out.writeInt(position.getValue());
    }
    expression(ast.getExpr(), out);
    out.writeInt(ast.getTypeMap().size());
    for (Map.Entry<Long, CelType> type : ast.getTypeMap().entrySet()) {
      out.writeLong(type.getKey());
      CheckedTypes.write(type.getValue(), out);
    }
    out.writeInt(ast.getReferenceMap().size());
    for (Map.Entry<Long, CelReference> reference : ast.getReferenceMap().entrySet()) {
      out.writeLong(reference.getKey());
      Framed.text(reference.getValue().name(), out);
      out.writeInt(reference.getValue().overloadIds().size());
      for (String id : reference.getValue().overloadIds()) {
        Framed.text(id, out);
      }
      out.writeBoolean(reference.getValue().value().isPresent());
      if (reference.getValue().value().isPresent()) {
        constant(reference.getValue().value().get(), out);
      }
    }
  }

  /**
   * @param code what the expression was compiled from
   */
  static CelAbstractSyntaxTree read(String code, DataInputStream in) throws IOException {
    CelSource.Builder source = CelSource.newBuilder(code);
    for (int left = in.readInt(); left > 0; left--) {
      long id = in.readLong();
      source.addPositions(id, in.readInt());
    }
    CelExpr expression = expression(in);
    Map<Long, CelType> types = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      long id = in.readLong();
      types.put(id, CheckedTypes.read(in));
    }
    Map<Long, CelReference> references = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      long id = in.readLong();
      CelReference.Builder reference = CelReference.newBuilder().setName(Framed.text(in));
      for (int overloads = in.readInt(); overloads > 0; overloads--) {
        reference.addOverloadIds(Framed.text(in));
      }
      if (in.readBoolean()) {
        reference.setValue(constant(in));
      }
      references.put(id, reference.build());
    }
    return CelAbstractSyntaxTree.newCheckedAst(expression, source.build(), references, types);
  }

  private static void expression(CelExpr expression, DataOutputStream out) throws IOException {
    switch (expression.getKind()) {
      case CONSTANT -> {
        head(Form.CONSTANT, expression, out);
        constant(expression.constant(), out);
      }
      case IDENT -> {
        head(Form.IDENT, expression, out);
        Framed.text(expression.ident().name(), out);
      }
      case SELECT -> {
        head(Form.SELECT, expression, out);
        Framed.text(expression.select().field(), out);
        out.writeBoolean(expression.select().testOnly());
        expression(expression.select().operand(), out);
      }
      case CALL -> {
        head(Form.CALL, expression, out);
        Framed.text(expression.call().function(), out);
        Optional<CelExpr> target = expression.call().target();
        out.writeBoolean(target.isPresent());
        if (target.isPresent()) {
          expression(target.get(), out);
        }
        expressions(expression.call().args(), out);
      }
      case LIST -> {
        head(Form.LIST, expression, out);
        expressions(expression.list().elements(), out);
        out.writeInt(expression.list().optionalIndices().size());
        for (int index : expression.list().optionalIndices()) {
          out.writeInt(index);
        }
      }
      case MAP -> {
        head(Form.MAP, expression, out);
        out.writeInt(expression.map().entries().size());
        for (CelExpr.CelMap.Entry entry : expression.map().entries()) {
          out.writeLong(entry.id());
          out.writeBoolean(entry.optionalEntry());
          expression(entry.key(), out);
          expression(entry.value(), out);
        }
      }
      case COMPREHENSION -> {
        head(Form.COMPREHENSION, expression, out);
        CelComprehension loop = expression.comprehension();
        Framed.text(loop.iterVar(), out);
        Framed.text(loop.iterVar2(), out);
        Framed.text(loop.accuVar(), out);
        expressions(
            List.of(
                loop.iterRange(),
                loop.accuInit(),
                loop.loopCondition(),
                loop.loopStep(),
                loop.result()),
            out);
      }
      case STRUCT, NOT_SET ->
          throw new Unsupported("an expression of kind " + expression.getKind());
    }
  }

  private static void head(Form form, CelExpr expression, DataOutputStream out) throws IOException {
    out.writeByte(form.ordinal());
    out.writeLong(expression.id());
  }

  private static void expressions(List<CelExpr> expressions, DataOutputStream out)
      throws IOException {
    out.writeInt(expressions.size());
    for (CelExpr each : expressions) {
      expression(each, out);
    }
  }

  private static CelExpr expression(DataInputStream in) throws IOException {
    Form form = Form.values()[in.readByte()];
    long id = in.readLong();
    return switch (form) {
      case CONSTANT -> CelExpr.ofConstant(id, constant(in));
      case IDENT -> CelExpr.ofIdent(id, Framed.text(in));
      case SELECT -> {
        String field = Framed.text(in);
        boolean testOnly = in.readBoolean();
        yield CelExpr.ofSelect(id, expression(in), field, testOnly);
      }
      case CALL -> {
        String function = Framed.text(in);
        Optional<CelExpr> target =
            in.readBoolean() ? Optional.of(expression(in)) : Optional.empty();
        yield CelExpr.ofCall(id, target, function, expressions(in));
      }
      case LIST -> {
        ImmutableList<CelExpr> elements = expressions(in);
        ImmutableList.Builder<Integer> optional = ImmutableList.builder();
        for (int left = in.readInt(); left > 0; left--) {
          optional.add(in.readInt());
        }
        yield CelExpr.ofList(id, elements, optional.build());
      }
      case MAP -> {
        ImmutableList.Builder<CelExpr.CelMap.Entry> entries = ImmutableList.builder();
        for (int left = in.readInt(); left > 0; left--) {
          long entry = in.readLong();
          boolean optional = in.readBoolean();
          CelExpr key = expression(in);
          entries.add(CelExpr.ofMapEntry(entry, key, expression(in), optional));
        }
        yield CelExpr.ofMap(id, entries.build());
      }
      case COMPREHENSION -> {
        String iterVar = Framed.text(in);
        String iterVar2 = Framed.text(in);
        String accuVar = Framed.text(in);
        List<CelExpr> parts = expressions(in);
        yield CelExpr.ofComprehension(
            id,
            iterVar,
            iterVar2,
            parts.get(0),
            accuVar,
            parts.get(1),
            parts.get(2),
            parts.get(3),
            parts.get(4));
      }
    };
  }

  private static ImmutableList<CelExpr> expressions(DataInputStream in) throws IOException {
    ImmutableList.Builder<CelExpr> expressions = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      expressions.add(expression(in));
    }
    return expressions.build();
  }

  private static void constant(CelConstant constant, DataOutputStream out) throws IOException {
    switch (constant.getKind()) {
      case NULL_VALUE -> out.writeByte(Constant.NULL.ordinal());
      case BOOLEAN_VALUE -> {
        out.writeByte(Constant.BOOL.ordinal());
        out.writeBoolean(constant.booleanValue());
      }
      case INT64_VALUE -> {
        out.writeByte(Constant.INT.ordinal());
        out.writeLong(constant.int64Value());
      }
      case UINT64_VALUE -> {
        out.writeByte(Constant.UINT.ordinal());
        out.writeLong(constant.uint64Value().longValue());
      }
      case DOUBLE_VALUE -> {
        out.writeByte(Constant.DOUBLE.ordinal());
        out.writeDouble(constant.doubleValue());
      }
      case STRING_VALUE -> {
        out.writeByte(Constant.STRING.ordinal());
        Framed.text(constant.stringValue(), out);
      }
      case BYTES_VALUE -> {
        out.writeByte(Constant.BYTES.ordinal());
        Framed.bytes(constant.bytesValue().toByteArray(), out);
      }
      case NOT_SET, TIMESTAMP_VALUE, DURATION_VALUE ->
          throw new Unsupported("a constant of kind " + constant.getKind());
    }
  }

  private static CelConstant constant(DataInputStream in) throws IOException {
    return switch (Constant.values()[in.readByte()]) {
      case NULL -> CelConstant.ofValue(NullValue.NULL_VALUE);
      case BOOL -> CelConstant.ofValue(in.readBoolean());
      case INT -> CelConstant.ofValue(in.readLong());
      case UINT -> CelConstant.ofValue(UnsignedLong.fromLongBits(in.readLong()));
      case DOUBLE -> CelConstant.ofValue(in.readDouble());
      case STRING -> CelConstant.ofValue(Framed.text(in));
      case BYTES -> CelConstant.ofValue(CelByteString.of(Framed.bytes(in)));
    };
  }
}
