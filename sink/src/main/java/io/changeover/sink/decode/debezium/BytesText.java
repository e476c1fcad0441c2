package io.changeover.sink.decode.debezium;

import io.changeover.sink.target.TargetType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes: those of bytea columns, bits, and the text of types that Debezium does not know. */
final class BytesText {

    private BytesText() {}

    /** Bytes without a name. For another column than bytea they are PostgreSQL's text of an unknown type. */
    static ValueText of(TargetType type) {
        if (type.is("bytea")) {
            return value -> hex(bytes(value));
        }
        if (type.isText() || type.isTemporal() || type.is("numeric") || type.is("bit") || type.is("varbit")) {
            throw new UnreadableValueException("has bytes for a column of type " + type);
        }
        return value -> new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** A string for a bytea column. */
    static ValueText ofString(BinaryMode mode) {
        return value -> {
            try {
                return hex(mode.decode((String) value));
            } catch (IllegalArgumentException e) {
                // without the cause, whose message may hold the value
                throw new UnreadableValueException(
                        mode == BinaryMode.BYTES ? String.valueOf(e.getMessage()) : "is no text of the form " + mode);
            }
        };
    }

    /**
     * Bits, the lowest byte first.
     *
     * @param length how many there are
     */
    static ValueText bits(int length) {
        return value -> {
            byte[] bytes = bytes(value);
            StringBuilder text = new StringBuilder(length);
            for (int bit = length - 1; bit >= 0; bit--) {
                boolean set = bit / 8 < bytes.length && ((bytes[bit / 8] >> (bit % 8)) & 1) == 1;
                text.append(set ? '1' : '0');
            }
            return text.toString();
        };
    }

    static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }
}
