package io.changeover.capture.wal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes messages of pgoutput by hand. */
final class PgOutputBytes {

    /** In the place of a value that was not sent. */
    static final String UNSENT = new StringBuilder("unsent").toString();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PgOutputBytes(char kind) {
        int8(kind);
    }

    static PgOutputBytes begin(int xid) {
        return new PgOutputBytes('B').int64(100).int64(0).int32(xid);
    }

    static PgOutputBytes commit(long end, long micros) {
        return new PgOutputBytes('C').int8(0).int64(end - 8).int64(end).int64(micros);
    }

    /** A table; columns of the replica identity begin with a star. */
    static PgOutputBytes relation(int id, String schema, String name, String... columns) {
        PgOutputBytes relation = new PgOutputBytes('R')
                .int32(id)
                .text(schema)
                .text(name)
                .int8('d')
                .int16(columns.length);
        for (String column : columns) {
            boolean key = column.startsWith("*");
            relation.int8(key ? 1 : 0)
                    .text(key ? column.substring(1) : column)
                    .int32(25)
                    .int32(-1);
        }
        return relation;
    }

    /** A tuple of a kind: N (new), O (old), K (key); null is NULL. */
    PgOutputBytes tuple(char kind, Object... values) {
        int8(kind).int16(values.length);
        for (Object value : values) {
            if (value == null) {
                int8('n');
            } else if (value == UNSENT) {
                int8('u');
            } else {
                byte[] text =
                        value instanceof byte[] raw ? raw : value.toString().getBytes(StandardCharsets.UTF_8);
                int8('t').int32(text.length).raw(text);
            }
        }
        return this;
    }

    PgOutputBytes int8(int value) {
        bytes.write(value);
        return this;
    }

    PgOutputBytes int16(int value) {
        return int8(value >> 8).int8(value);
    }

    PgOutputBytes int32(int value) {
        return int16(value >> 16).int16(value);
    }

    PgOutputBytes int64(long value) {
        return int32((int) (value >> 32)).int32((int) value);
    }

    PgOutputBytes text(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    PgOutputBytes raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    byte[] array() {
        return bytes.toByteArray();
    }

    /** As the driver hands it out: somewhere inside of an array. */
    ByteBuffer buffer() {
        byte[] padded = new byte[25 + bytes.size() + 7];
        System.arraycopy(array(), 0, padded, 25, bytes.size());
        return ByteBuffer.wrap(padded, 25, bytes.size()).slice();
    }
}
