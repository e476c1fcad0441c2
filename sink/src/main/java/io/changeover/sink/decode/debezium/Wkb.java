package io.changeover.sink.decode.debezium;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Well-known binary: read as points for PostgreSQL's own geometric types, handed on to PostGIS. */
final class Wkb {

    private static final int WITH_SRID = 0x20000000;
    private static final int LINE = 2;
    private static final int POLYGON = 3;

    /** A point. */
    record Position(double x, double y) {
        String text() {
            return "(" + x + "," + y + ")";
        }
    }

    private Wkb() {}

    /** The points of a line, or of a polygon's outer ring. */
    static List<Position> points(byte[] wkb) {
        ByteBuffer in = buffer(wkb);
        int kind = in.getInt();
        if ((kind != LINE && kind != POLYGON) || (kind == POLYGON && in.getInt() != 1)) {
            throw new UnreadableValueException("is a geometry that is neither a line nor a polygon of one ring");
        }
        int size = in.getInt();
        List<Position> points = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            points.add(new Position(in.getDouble(), in.getDouble()));
        }
        return points;
    }

    /** In hexadecimal, with the reference system inside, as PostGIS reads and writes it. */
    static String extended(byte[] wkb, @Nullable Integer srid) {
        ByteBuffer in = buffer(wkb);
        int kind = in.getInt();
        if (srid == null || (kind & WITH_SRID) != 0) {
            return HexFormat.of().formatHex(wkb);
        }
        ByteBuffer out = ByteBuffer.allocate(wkb.length + 4).order(in.order());
        out.put(wkb[0]).putInt(kind | WITH_SRID).putInt(srid).put(in);
        return HexFormat.of().formatHex(out.array());
    }

    private static ByteBuffer buffer(byte[] wkb) {
        ByteBuffer in = ByteBuffer.wrap(wkb);
        return in.order(in.get() == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }
}
