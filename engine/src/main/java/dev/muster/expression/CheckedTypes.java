package dev.muster.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.types.TypeType;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types that the checker found, as bytes. */
final class CheckedTypes {
  private enum Type {
    SIMPLE,
    LIST,
    MAP,
    OPTIONAL,
    NULLABLE,
    PARAMETER,
    TYPE
  }

  private static final Map<String, CelType> SIMPLE = new HashMap<>();

  static {
    for (CelType type :
        List.of(
            SimpleType.ANY,
            SimpleType.BOOL,
            SimpleType.BYTES,
            SimpleType.DOUBLE,
            SimpleType.DURATION,
            SimpleType.DYN,
            SimpleType.INT,
            SimpleType.NULL_TYPE,
            SimpleType.STRING,
            SimpleType.TIMESTAMP,
            SimpleType.UINT)) {
      SIMPLE.put(type.kind() + " " + type.name(), type);
    }
  }

  private CheckedTypes() {}

  static void write(CelType type, DataOutputStream out) throws IOException {
    if (type instanceof ListType list) {
      out.writeByte(Type.LIST.ordinal());
      types(list.parameters(), out);
    } else if (type instanceof MapType map) {
      out.writeByte(Type.MAP.ordinal());
      types(map.parameters(), out);
    } else if (type instanceof OptionalType optional) {
      out.writeByte(Type.OPTIONAL.ordinal());
      types(optional.parameters(), out);
    } else if (type instanceof NullableType nullable) {
      out.writeByte(Type.NULLABLE.ordinal());
      types(List.of(nullable.targetType()), out);
    } else if (type instanceof TypeType of) {
      out.writeByte(Type.TYPE.ordinal());
      types(List.of(of.type()), out);
    } else if (type instanceof TypeParamType parameter) {
      out.writeByte(Type.PARAMETER.ordinal());
      Framed.text(parameter.name(), out);
    } else if (type.equals(SIMPLE.get(type.kind() + " " + type.name()))) {
      out.writeByte(Type.SIMPLE.ordinal());
      Framed.text(type.kind() + " " + type.name(), out);
    } else {
      throw new CheckedText.Unsupported("the type " + type.name());
    }
  }

  private static void types(List<CelType> types, DataOutputStream out) throws IOException {
    out.writeInt(types.size());
    for (CelType type : types) {
      write(type, out);
    }
  }

  static CelType read(DataInputStream in) throws IOException {
    Type form = Type.values()[in.readByte()];
    if (form == Type.SIMPLE || form == Type.PARAMETER) {
      String name = Framed.text(in);
      return form == Type.PARAMETER
          ? TypeParamType.create(name)
          : Optional.ofNullable(SIMPLE.get(name))
              .orElseThrow(() -> new CheckedText.Unsupported(name));
    }
    List<CelType> parts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      parts.add(read(in));
    }
    return switch (form) {
      case LIST -> parts.isEmpty() ? ListType.create() : ListType.create(parts.get(0));
      case MAP -> MapType.create(parts.get(0), parts.get(1));
      case OPTIONAL -> OptionalType.create(parts.get(0));
      case NULLABLE -> NullableType.create(parts.get(0));
      case TYPE -> TypeType.create(parts.get(0));
      case SIMPLE, PARAMETER -> throw new IllegalStateException();
    };
  }
}
