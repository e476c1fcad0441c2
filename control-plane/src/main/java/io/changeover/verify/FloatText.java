package io.changeover.verify;

import io.changeover.postgres.Identifier;
import java.util.Set;

/**
 * Floats of servers before 12, which write them in other digits than later ones: they are compared in their binary
 * form. Inside composite types, ranges and domains they are not, and show as different.
 */
public final class FloatText {

    /** The first version that writes a float so that it reads back as the same one in the fewest digits. */
    private static final int SHORTEST_FLOATS = 12;

    private static final Set<String> FLOATS =
            Set.of("float4", "float8", "point", "line", "lseg", "box", "path", "polygon", "circle");

    private FloatText() {}

    /**
     * Whether texts of a type of PostgreSQL's own may differ though the values are equal.
     *
     * @param type its name, that of an array with its underscore
     * @param oldestMajor the older version of the two servers
     */
    public static boolean differs(String type, int oldestMajor) {
        return oldestMajor < SHORTEST_FLOATS && FLOATS.contains(type.startsWith("_") ? type.substring(1) : type);
    }

    /** The binary form of a column. A NaN has a sign, which -score gives it and text does not have. */
    public static String binary(String column, String type, String send) {
        boolean number = type.equals("float4") || type.equals("float8");
        String value = number ? "case when " + column + " = 'NaN' then 'NaN' else " + column + " end" : column;
        return "pg_catalog." + Identifier.quote(send) + "(" + value + ")";
    }
}
