package io.changeover.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the WAL says of the old row when a table's row is changed or deleted. Where it can say nothing, the server
 * refuses UPDATE and DELETE as soon as the table is published.
 *
 * @param setting what the table is set to
 * @param hasKey whether the table has a primary key, a deferrable one too
 * @param usable whether the old row can be named: by all of it, or by a live, valid, unique index that is checked at
 *     once and covers every row
 */
public record ReplicaIdentity(Setting setting, boolean hasKey, boolean usable) {

    /** The choices of ALTER TABLE … REPLICA IDENTITY. */
    public enum Setting {
        /** The primary key. */
        DEFAULT,
        /** Nothing. */
        NOTHING,
        /** The whole row. */
        FULL,
        /** An index that was named; if it is dropped, the setting stays and means NOTHING. */
        INDEX;

        private static Setting of(String relreplident) {
            return switch (relreplident) {
                case "d" -> DEFAULT;
                case "n" -> NOTHING;
                case "f" -> FULL;
                case "i" -> INDEX;
                default -> throw new IllegalStateException("Unknown replica identity '" + relreplident + "'");
            };
        }
    }

    // the server's own rule, RelationGetIndexList and CheckCmdReplicaIdentity; in a hierarchy each table has its own
    private static final String SQL = """
            select n.nspname, c.relname, c.relreplident,
                   exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary) as has_key,
                   c.relreplident = 'f' or exists (
                       select from pg_catalog.pg_index i
                        where i.indrelid = c.oid and i.indislive and i.indisvalid and i.indisunique and i.indimmediate
                          and i.indpred is null
                          -- before 12 a key may be the oid of a table WITH OIDS, which is no column of a newer server
                          and 0 < all (i.indkey::int2[])
                          and case c.relreplident when 'd' then i.indisprimary
                                                  when 'i' then i.indisreplident
                                                  else false end) as usable
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relpersistence = 'p'""";

    /** Of every table whose changes are in the WAL; partitions are among them, each with its own. */
    public static Map<TableName, ReplicaIdentity> read(Connection source) throws SQLException {
        Map<TableName, ReplicaIdentity> identities = new TreeMap<>();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            while (rows.next()) {
                identities.put(
                        new TableName(rows.getString(1), rows.getString(2)),
                        new ReplicaIdentity(Setting.of(rows.getString(3)), rows.getBoolean(4), rows.getBoolean(5)));
            }
        }
        return identities;
    }

    /** Why the old row cannot be named, for people; meaningless where it can. */
    public String reason() {
        return switch (setting) {
            case DEFAULT -> hasKey ? "Its primary key is deferrable" : "It has no primary key";
            case NOTHING -> "Its replica identity is NOTHING";
            case INDEX -> "The index that its replica identity names was dropped or is not valid";
            case FULL -> "Its replica identity is FULL";
        };
    }
}
