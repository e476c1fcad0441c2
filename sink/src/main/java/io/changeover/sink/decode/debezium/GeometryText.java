package io.changeover.sink.decode.debezium;

import io.changeover.sink.target.TargetType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Debezium's geometric structs for PostgreSQL's own types and for PostGIS. */
final class GeometryText {

    private GeometryText() {}

    static ValueText point(TargetType type) {
        return type.is("point") ? value -> point((Struct) value) : value -> extended((Struct) value);
    }

    static ValueText geometry(TargetType type) {
        return switch (type.isArray() ? "" : type.name()) {
            case "box", "lseg" -> value -> corners(points(value));
            case "polygon" -> value -> "(" + corners(open(points(value))) + ")";
            case "path" -> value -> path((Struct) value);
            case "geometry", "geography" -> value -> extended((Struct) value);
            default -> throw new UnreadableValueException("is a geometry for a column of type " + type);
        };
    }

    static String circle(Struct value) {
        return "<" + point(value.getStruct("center")) + "," + value.getFloat64("radius") + ">";
    }

    static String line(Struct value) {
        return "{" + value.getFloat64("a") + "," + value.getFloat64("b") + "," + value.getFloat64("c") + "}";
    }

    private static String point(Struct value) {
        return new Wkb.Position(value.getFloat64("x"), value.getFloat64("y")).text();
    }

    private static String extended(Struct value) {
        @Nullable Integer srid = value.schema().field("srid") == null ? null : value.getInt32("srid");
        return Wkb.extended(value.getBytes("wkb"), srid);
    }

    /** A box comes as two corners or as the ring of all of them, of which the first and third are opposite. */
    private static String corners(List<Wkb.Position> points) {
        List<Wkb.Position> shown = points.size() == 5 && points.get(0).equals(points.get(4))
                ? List.of(points.get(0), points.get(2))
                : points;
        return shown.stream().map(Wkb.Position::text).collect(Collectors.joining(","));
    }

    private static String path(Struct value) {
        List<Wkb.Position> points = points(value);
        boolean closed = isClosed(value);
        String text = (closed ? open(points) : points)
                .stream().map(Wkb.Position::text).collect(Collectors.joining(","));
        return closed ? "(" + text + ")" : "[" + text + "]";
    }

    private static boolean isClosed(Struct value) {
        @Nullable
        Map<String, String> extensions = value.schema().field("extensions") == null ? null : value.getMap("extensions");
        if (extensions == null || extensions.get("closed") == null) {
            throw new UnreadableValueException("is a path that does not say whether it is closed");
        }
        return Boolean.parseBoolean(extensions.get("closed"));
    }

    /** A ring ends where it begins; PostgreSQL does not say that twice. */
    private static List<Wkb.Position> open(List<Wkb.Position> ring) {
        int last = ring.size() - 1;
        return last > 0 && ring.get(0).equals(ring.get(last)) ? ring.subList(0, last) : ring;
    }

    private static List<Wkb.Position> points(Object value) {
        return Wkb.points(((Struct) value).getBytes("wkb"));
    }
}
