package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes a table on the target that was made on the source since the structure was copied. */
public final class OneTable {

    private static final String FOREIGN_KEY = "FK CONSTRAINT";

    /** The table and what it is a partition of, the topmost first. */
    private static final String FAMILY = """
            with recursive above as (
                select ?::regclass::oid as oid, 0 as height
                union all
                select i.inhparent, above.height + 1 from above join pg_class c on c.oid = above.oid
                       and coalesce(to_jsonb(c) ->> 'relispartition', 'false') = 'true'
                  join pg_inherits i on i.inhrelid = c.oid
            )
            select n.nspname, c.relname from above join pg_class c on c.oid = above.oid
              join pg_namespace n on n.oid = c.relnamespace order by above.height desc""";

    private static final String EXISTS = "select to_regclass(?) is not null";

    private OneTable() {}

    /**
     * Copies the structure of one table, empty, in one transaction: with its keys, indexes, triggers and the sequences
     * that it owns, attached to its parent if it is a partition; the parents that are missing, too. Without foreign
     * keys, which come when its rows are there. Types and functions that it needs have to be there.
     *
     * @return what was made
     * @throws SchemaException names what could not be made, and then nothing was
     */
    public static List<String> copy(ServerSettings source, ServerSettings target, TableName table)
            throws IOException, SQLException, InterruptedException {
        List<String> made = new ArrayList<>();
        try (Connection from = Connections.open(source, "changeover-ddl");
                Connection to = Connections.open(target, "changeover-ddl")) {
            to.setAutoCommit(false);
            for (TableName each : family(from, table)) {
                if (!exists(to, each)) {
                    made.addAll(copy(source, to, each));
                }
            }
            to.commit();
        }
        return made;
    }

    private static List<TableName> family(Connection source, TableName table) throws SQLException {
        List<TableName> family = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(FAMILY)) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    family.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return family;
    }

    private static boolean exists(Connection target, TableName table) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(EXISTS)) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static List<String> copy(ServerSettings source, Connection target, TableName table)
            throws IOException, SQLException, InterruptedException {
        ClientPrograms programs = ClientPrograms.onPath();
        String dump = programs.run(
                "pg_dump",
                List.of(
                        "--schema-only",
                        "--no-owner",
                        "--no-privileges",
                        "--no-publications",
                        "--no-subscriptions",
                        "--no-tablespaces",
                        "--encoding=UTF8",
                        "--lock-wait-timeout=10s",
                        "--no-password",
                        "--table=" + table.quoted()),
                ClientEnvironment.of(source, programs.major()));
        RestoreScript script = RestoreScript.parse(dump, target.getMetaData().getDatabaseMajorVersion());
        List<RestoreScript.Entry> entries = script.entries().stream()
                .filter(entry -> !entry.object().startsWith(FOREIGN_KEY))
                .sorted(Comparator.comparing(OneTable::rank)) // a stable sort
                .toList();
        Script.run(target, script.settings() + "set local lock_timeout = '10s';");
        for (RestoreScript.Entry entry : entries) {
            run(target, entry);
        }
        return entries.stream().map(RestoreScript.Entry::object).toList();
    }

    /** A partition that is attached with its keys keeps them; attached without, it gets some of its own. */
    private static int rank(RestoreScript.Entry entry) {
        return entry.object().startsWith("TABLE ATTACH") ? 1 : entry.object().startsWith("INDEX ATTACH") ? 2 : 0;
    }

    private static void run(Connection connection, RestoreScript.Entry entry) throws SQLException, SchemaException {
        try {
            Script.run(connection, entry.sql());
        } catch (SQLException e) {
            connection.rollback();
            throw new SchemaException("Could not make " + entry.object() + " on the target: " + e.getMessage(), e);
        }
    }
}
