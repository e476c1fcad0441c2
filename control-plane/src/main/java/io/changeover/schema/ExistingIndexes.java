package io.changeover.schema;

import io.changeover.ledger.Ledger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Indexes of tables that were on the target before the load: dropped, each in one transaction with the record of how it
 * is made, and made again when the rows are there, each in one transaction that removes the record. Killed anywhere,
 * the same call again goes on.
 *
 * <p>Left alone is what could not be put back exactly, or what something else needs: keys and other constraints,
 * indexes of partitioned tables and of their partitions as parts of those, of extensions, in a tablespace of their own,
 * with statistics targets, that name the replica identity or the order of CLUSTER.
 */
public final class ExistingIndexes {

    private static final String CANDIDATES = """
            select x.indexrelid::bigint, n.nspname, c.relname, format('%I.%I', m.nspname, i.relname)
              from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace m on m.oid = i.relnamespace
              join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and i.relkind = 'i' and x.indisvalid and i.reltablespace = 0
               and not (x.indisprimary or x.indisexclusion or x.indisreplident or x.indisclustered)
               and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
               and not exists (select from pg_constraint k where k.conindid = i.oid)
               and not exists (select from pg_inherits h where h.inhrelid = i.oid)
               and not exists (select from pg_depend d
                                where d.classid = 'pg_class'::regclass and d.objid = i.oid and d.deptype = 'e')
               and not exists (select from pg_attribute a where a.attrelid = i.oid and coalesce(a.attstattarget, -1) >= 0)
             order by 2, 3, 4""";

    private static final String RECORD = """
            insert into changeover.dropped_indexes (table_name, index_name, definition, comment)
            select format('%%I.%%I', n.nspname, c.relname), format('%%I.%%I', m.nspname, i.relname),
                   pg_get_indexdef(i.oid), obj_description(i.oid, 'pg_class')
              from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace m on m.oid = i.relnamespace
              join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
             where i.oid = %d; drop index %s""";

    private static final String RECORDED = """
            select table_name, index_name,
                   definition || coalesce(format('; comment on index %s is %L', index_name, comment), '')
                   || format('; delete from changeover.dropped_indexes where index_name = %L', index_name)
              from changeover.dropped_indexes order by 1, 2""";

    private final ServerSettings target;
    private final Duration patience;

    /**
     * Those of a target.
     *
     * @param patience how long the lock of one table is tried for
     */
    public ExistingIndexes(ServerSettings target, Duration patience) {
        this.target = target;
        this.patience = patience;
    }

    /**
     * Drops those of some tables.
     *
     * @return how many
     * @throws SQLException names the index; with SQLSTATE 55P03 if its lock was not to be had
     */
    public int drop(Predicate<TableName> tables) throws SQLException {
        int dropped = 0;
        try (Connection connection = Connections.open(target, SchemaSession.APPLICATION)) {
            Ledger.create(connection);
            BriefLock lock = new BriefLock(connection, patience);
            for (Candidate each : candidates(connection)) {
                if (tables.test(each.table())) {
                    drop(lock, each);
                    dropped++;
                }
            }
        }
        return dropped;
    }

    /** Those that {@link #drop} would drop. */
    public static List<String> droppable(Connection target, Predicate<TableName> tables) throws SQLException {
        return candidates(target).stream()
                .filter(each -> tables.test(each.table()))
                .map(Candidate::index)
                .toList();
    }

    private record Candidate(long oid, TableName table, String index) {}

    private static List<Candidate> candidates(Connection connection) throws SQLException {
        List<Candidate> candidates = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CANDIDATES)) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(2), rows.getString(3));
                candidates.add(new Candidate(rows.getLong(1), table, rows.getString(4)));
            }
        }
        return candidates;
    }

    private static void drop(BriefLock lock, Candidate index) throws SQLException {
        try {
            lock.run(RECORD.formatted(index.oid(), index.index()));
        } catch (SQLException e) {
            throw new SQLException(
                    "The index " + index.index() + " of " + index.table()
                            + " on the target could not be dropped for the" + " load: " + e.getMessage(),
                    e.getSQLState(),
                    e);
        }
    }

    /**
     * Makes those again that were dropped.
     *
     * @throws SchemaException names those that could not be made, as when the rows violate them; the others are there
     */
    public void rebuild(int sessions) throws SQLException, SchemaException, InterruptedException {
        List<IndexBuilds.Build> builds = new ArrayList<>();
        try (Connection connection = Connections.open(target, SchemaSession.APPLICATION)) {
            Ledger.create(connection);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(RECORDED)) {
                while (rows.next()) {
                    builds.add(
                            new IndexBuilds.Build(rows.getString(1), "INDEX " + rows.getString(2), rows.getString(3)));
                }
            }
        }
        if (!builds.isEmpty()) {
            new IndexBuilds(target, sessions).run("", builds);
        }
    }
}
