package io.changeover.load;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * In which form rows are copied. The binary one costs the servers less, but says what a server has in memory: it is
 * taken where both sides have the same type in every column, and it is one whose binary form is the same in all
 * versions and names nothing that has another number on another server.
 *
 * @param isBinary otherwise text
 * @param reason why not, for people; empty if it is binary
 */
record CopyFormat(boolean isBinary, Optional<String> reason) {

    /** By name in pg_catalog; arrays of them, too. Not money, whose unit is a setting, nor xml, with its encodings. */
    private static final Set<String> SAME_EVERYWHERE = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "json",
            "jsonb",
            "inet",
            "cidr",
            "macaddr",
            "bit",
            "varbit",
            "point",
            "line",
            "lseg",
            "box",
            "path",
            "polygon",
            "circle",
            "char",
            "name");

    /** The type below domains, or of the elements of an array; its name is empty if it is not the server's own. */
    private static final String COLUMNS = """
            with recursive base as (
                select a.attname, format_type(a.atttypid, a.atttypmod) as type, t.oid, t.typtype, t.typbasetype
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  join pg_type t on t.oid = a.atttypid
                 where n.nspname = ? and c.relname = ?
                union all
                select base.attname, base.type, t.oid, t.typtype, t.typbasetype
                  from base join pg_type t on t.oid = base.typbasetype where base.typtype = 'd')
            select base.attname, base.type,
                   case when e.oid is null then t.typname else e.typname end,
                   coalesce(e.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace
                   and coalesce(e.typtype, t.typtype) = 'b', t.typtype = 'e'
              from base join pg_type t on t.oid = base.oid
              left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
             where base.typtype <> 'd'""";

    /**
     * A column.
     *
     * @param type as people write it, with its modifier
     * @param base the type below it that decides
     * @param isBuiltIn whether that is the server's own
     * @param isEnum whether it is an enum, which goes by its labels
     */
    private record Column(String type, String base, boolean isBuiltIn, boolean isEnum) {

        private boolean isSameEverywhere() {
            return isEnum || (isBuiltIn && SAME_EVERYWHERE.contains(base));
        }
    }

    /** Decides it for a table. */
    static CopyFormat of(Connection source, Connection target, TableName table, TableColumns columns)
            throws SQLException {
        if (columns.names().isEmpty()) {
            return text("it has no columns");
        }
        for (Connection server : new Connection[] {source, target}) {
            PGConnection session = server.unwrap(PGConnection.class);
            if (!"UTF8".equals(session.getParameterStatus("server_encoding"))
                    || !"on".equals(session.getParameterStatus("integer_datetimes"))) {
                return text("a server is not in UTF8, or has no integer times");
            }
        }
        Map<String, Column> from = read(source, table);
        Map<String, Column> into = read(target, table);
        for (String name : columns.names()) {
            Column here = from.get(name);
            Column there = into.get(name);
            if (here == null || there == null || !here.type().equals(there.type())) {
                return text("column " + name + " has another type on the target");
            }
            if (!here.isSameEverywhere()
                    || !there.isSameEverywhere()
                    || !here.base().equals(there.base())) {
                return text("column " + name + " is of type " + here.type());
            }
        }
        return new CopyFormat(true, Optional.empty());
    }

    private static CopyFormat text(String reason) {
        return new CopyFormat(false, Optional.of(reason));
    }

    private static Map<String, Column> read(Connection server, TableName table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement select = server.prepareStatement(COLUMNS)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    columns.put(
                            rows.getString(1),
                            new Column(rows.getString(2), rows.getString(3), rows.getBoolean(4), rows.getBoolean(5)));
                }
            }
        }
        return columns;
    }

    /**
     * What a COPY says about it.
     *
     * @param frozen whether it writes rows that are frozen
     */
    String option(boolean frozen) {
        if (isBinary) {
            return frozen ? " with (format binary, freeze)" : " with (format binary)";
        }
        return frozen ? " with (freeze)" : "";
    }

    /** For people: {@code binary}, or {@code text: } and why. */
    String description() {
        return reason.map(why -> "text: " + why).orElse("binary");
    }
}
