package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.spec.TableSelection;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Copies the structure of one database in three steps, with the full load between the first and the second: a table
 * takes rows faster without indexes. Every step may be repeated, also after a crash at any point; what is done already
 * is not done again.
 *
 * <p>pg_dump writes the structure down and pg_restore puts it into SQL; this class sends the SQL, because only so a
 * record of the step can be part of its transaction, and a killed run cannot leave a pg_restore behind that goes on.
 *
 * <p>Not copied: owners, privileges, tablespaces, publications, subscriptions, event triggers (they need a superuser),
 * user mappings, security labels, settings of the database and of roles, large objects, rows. Package {@code roles}
 * reports it. Not thread-safe; one at a time per target database.
 */
public final class SchemaCopy {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Each of them may have helpers of the server. */
    private static final int INDEX_SESSIONS = 4;

    private static final String TABLES = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p', 'm') and not c.relispartition and c.relpersistence <> 't'
               and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
               and not exists (select from pg_depend d
                                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
             order by 1, 2""";

    /** What a step found and did. */
    public enum Outcome {
        /** It was done now. */
        DONE,
        /** An earlier run had done it. */
        DONE_BEFORE,
        /** The target holds such objects that were not copied by Changeover; nothing was changed. */
        FOUND
    }

    private final ServerSettings source;
    private final ServerSettings target;
    private final TableSelection selection;
    private final StructureDump dump;

    /** With PostgreSQL's client programs on the PATH. */
    public SchemaCopy(ServerSettings source, ServerSettings target, TableSelection selection, Path workDirectory) {
        this(source, target, selection, ClientPrograms.onPath(), workDirectory);
    }

    /**
     * Prepares.
     *
     * @param selection which tables
     * @param programs PostgreSQL's client programs, at least as new as the source
     * @param workDirectory where the dump is kept, for this database alone; if it is lost, the structure is dumped
     *     again
     */
    public SchemaCopy(
            ServerSettings source,
            ServerSettings target,
            TableSelection selection,
            ClientPrograms programs,
            Path workDirectory) {
        this.source = source;
        this.target = target;
        this.selection = selection;
        this.dump = new StructureDump(programs, source, workDirectory);
    }

    /**
     * The first step: schemas, types, functions, sequences, tables, views.
     *
     * @throws SchemaException names what could not be made, and then nothing was
     * @throws SQLException if a server cannot be reached
     */
    public Outcome copyStructure() throws IOException, SQLException, InterruptedException {
        return run(StepRecord.STRUCTURE, "pre-data", true);
    }

    /**
     * The second step: primary keys, unique and exclusion constraints, indexes, triggers, rules, policies, and views
     * that need a key.
     *
     * @throws SchemaException names what could not be made; keys and indexes beside it are there
     * @throws SQLException if a server cannot be reached
     */
    public Outcome createKeysAndIndexes() throws IOException, SQLException, InterruptedException {
        return run(StepRecord.KEYS_AND_INDEXES, "post-data", false);
    }

    /**
     * A part of the second step, ahead of it: keys and indexes of tables whose rows are there, while others are loaded.
     * Nothing is made if the target holds such objects that were not copied by Changeover.
     *
     * @throws SchemaException names what could not be made; the second step tries that again
     * @throws SQLException if a server cannot be reached
     */
    public void createKeysAndIndexesOf(Set<TableName> tables) throws IOException, SQLException, InterruptedException {
        try (Connection connection = SchemaSession.open(target)) {
            StepRecord step = StepRecord.KEYS_AND_INDEXES;
            if (!step.isDone(connection) && isOurs(connection, step)) {
                dumpIfMissing();
                RestoreScript script = dump.script("post-data", restorable(connection), major(connection));
                new IndexBuilds(target, INDEX_SESSIONS).run(script.settings(), builds(script), tables);
            }
        }
    }

    /**
     * The third step. The sink may write meanwhile.
     *
     * @return what was added now
     * @throws SchemaException names a key that could not be added; those before it are there
     * @throws SQLException if a server cannot be reached
     */
    public List<ForeignKey> addForeignKeys() throws IOException, SQLException, InterruptedException {
        List<ForeignKey> wanted;
        try (Connection connection = Connections.open(source, SchemaSession.APPLICATION)) {
            Scope scope = Scope.read(connection, selection);
            wanted = ForeignKey.read(connection).stream()
                    .filter(key -> scope.copiesForeignKey(key.table(), key.name()))
                    .toList();
        }
        try (Connection connection = SchemaSession.open(target)) {
            return new ForeignKeys(connection, PATIENCE).add(wanted);
        }
    }

    /** Gathers the planner's statistics for all tables of the target. */
    public void analyze() throws SQLException {
        try (Connection connection = Connections.open(target, SchemaSession.APPLICATION)) {
            for (TableName table : Names.read(connection, TABLES)) {
                execute(connection, "analyze " + table.quoted());
            }
        }
    }

    /**
     * Fills the target's materialized views, those that are filled on the source.
     *
     * @return which, in the order in which they were filled
     */
    public List<TableName> refreshMaterializedViews() throws SQLException {
        try (Connection from = Connections.open(source, SchemaSession.APPLICATION);
                Connection to = Connections.open(target, SchemaSession.APPLICATION)) {
            return MaterializedViews.refresh(from, to, Scope.read(from, selection));
        }
    }

    private Outcome run(StepRecord step, String section, boolean dumpAnew)
            throws IOException, SQLException, InterruptedException {
        try (Connection connection = SchemaSession.open(target)) {
            if (step.isDone(connection)) {
                return Outcome.DONE_BEFORE;
            }
            if (!isOurs(connection, step)) {
                return Outcome.FOUND;
            }
            if (dumpAnew) {
                take();
            } else {
                dumpIfMissing();
            }
            RestoreScript script = dump.script(section, restorable(connection), major(connection));
            Restore.run(connection, build(script), step);
            return Outcome.DONE;
        }
    }

    private boolean isOurs(Connection connection, StepRecord step) throws SQLException {
        return IndexBuilds.haveBegun(connection) || !step.isFound(connection, scope().rowsOnly());
    }

    private static List<IndexBuilds.Build> builds(RestoreScript script) {
        return script.entries().stream()
                .flatMap(entry -> IndexBuilds.Build.of(entry).stream())
                .toList();
    }

    /** Makes what takes long, and gives what is left to be made. */
    private RestoreScript build(RestoreScript script) throws SQLException, IOException, InterruptedException {
        List<IndexBuilds.Build> builds = builds(script);
        return builds.isEmpty()
                ? script
                : script.without(new IndexBuilds(target, INDEX_SESSIONS).run(script.settings(), builds));
    }

    private void dumpIfMissing() throws IOException, SQLException, InterruptedException {
        if (!dump.isTaken()) {
            take();
        }
    }

    private void take() throws IOException, SQLException, InterruptedException {
        try (Connection connection = Connections.open(source, SchemaSession.APPLICATION)) {
            dump.take(major(connection), Scope.read(connection, selection).notDumped());
        }
    }

    private Scope scope() throws SQLException {
        try (Connection connection = Connections.open(source, SchemaSession.APPLICATION)) {
            return Scope.read(connection, selection);
        }
    }

    /** A target that holds some of the tables has their schemas, too. */
    private List<ArchiveEntry> restorable(Connection connection)
            throws IOException, SQLException, InterruptedException {
        List<ArchiveEntry> entries = ArchiveEntry.restorable(dump.entries());
        if (selection.rowsOnly().isEmpty()) {
            return entries;
        }
        List<String> schemas = Names.readFirst(connection, "select nspname from pg_catalog.pg_namespace");
        return entries.stream().filter(entry -> !entry.isSchema(schemas)).toList();
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
