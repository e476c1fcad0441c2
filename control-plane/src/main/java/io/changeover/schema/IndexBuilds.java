package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLState;

/**
 * Makes keys and indexes in several sessions at once, from one queue, the largest table first. A table is in one
 * session at a time, for its statements would wait for each other, or for ever. Each object is made in a transaction
 * with the record of it, so that after a crash only what was under way is made again.
 */
public final class IndexBuilds {

    /** What pg_dump writes, with every name qualified. Anything else is not made here. */
    private static final Pattern BUILD = Pattern.compile(
            "\\A\\s*(?:ALTER TABLE ONLY|CREATE (?:UNIQUE )?INDEX NAME ON(?: ONLY)?) (NAME\\.NAME)\\s+(?:ADD CONSTRAINT|USING)\\s"
                    .replace("NAME", "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".]+)"));

    private static final String RECORDS = """
            create table if not exists changeover.made (
                object text primary key, made_at timestamptz)""";

    /** Sorting in memory is what an index is made of; a server that gives more keeps its own setting. */
    private static final String MEMORY = """
            select set_config('maintenance_work_mem', '256MB', false) from pg_settings
            where name = 'maintenance_work_mem' and setting::bigint < 256 * 1024""";

    private final ServerSettings target;
    private final int sessions;

    /**
     * Builds on a target.
     *
     * @param sessions how many at once
     */
    public IndexBuilds(ServerSettings target, int sessions) {
        this.target = target;
        this.sessions = sessions;
    }

    /**
     * A key or an index.
     *
     * @param table qualified and quoted, as in the statement
     * @param object names it
     * @param sql makes it
     */
    public record Build(String table, String object, String sql) {

        /** If a statement of a dump is one. */
        static Optional<Build> of(RestoreScript.Entry entry) {
            Matcher build = BUILD.matcher(entry.sql());
            return build.find()
                    ? Optional.of(new Build(build.group(1), entry.object(), entry.sql()))
                    : Optional.empty();
        }
    }

    /** Whether some were made by an earlier run. */
    static boolean haveBegun(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            try (ResultSet there = statement.executeQuery("select to_regclass('changeover.made') is not null")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet rows =
                    statement.executeQuery("select exists (select from changeover.made where made_at is not null)")) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /**
     * Makes those that are not made yet and whose tables are there: a materialized view may need a key first.
     *
     * @param settings SET statements for every session
     * @param builds in the order in which those of a table are to be made
     * @return what is made, by now or before
     * @throws SchemaException names what could not be made; the others are there
     */
    public Set<String> run(String settings, List<Build> builds)
            throws SQLException, SchemaException, InterruptedException {
        return make(settings, largestFirst(builds));
    }

    /** The same for some tables; of the others not even the size is asked for, which would wait for their loads. */
    void run(String settings, List<Build> builds, Set<TableName> only)
            throws SQLException, SchemaException, InterruptedException {
        Set<String> wanted = names(only);
        make(
                settings,
                largestFirst(builds.stream()
                        .filter(each -> wanted.contains(each.table()))
                        .toList()));
    }

    /** As the statements of a dump write them. */
    private Set<String> names(Set<TableName> tables) throws SQLException {
        String sql = "select format('%I.%I', s, t) from unnest(?::text[], ?::text[]) as u(s, t)";
        Set<String> names = new HashSet<>();
        try (Connection connection = Connections.open(target, SchemaSession.APPLICATION);
                PreparedStatement select = connection.prepareStatement(sql)) {
            List<TableName> list = List.copyOf(tables);
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", list.stream().map(TableName::schema).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", list.stream().map(TableName::name).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    private Set<String> make(String settings, List<List<Build>> builds)
            throws SQLException, SchemaException, InterruptedException {
        Queue<List<Build>> queue = new ConcurrentLinkedQueue<>(builds);
        Set<String> wanted =
                queue.stream().flatMap(List::stream).map(Build::object).collect(Collectors.toSet());
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(sessions, task -> new Thread(task, "changeover-index"));
        try {
            Callable<Void> worker = () -> {
                work(settings, queue, failures);
                return null;
            };
            int workers = Math.min(sessions, queue.size());
            for (Future<Void> each : pool.invokeAll(Collections.nCopies(workers, worker))) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException lost) {
                throw lost;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        if (!failures.isEmpty()) {
            throw new SchemaException(String.join("; ", failures));
        }
        return wanted;
    }

    private List<List<Build>> largestFirst(List<Build> builds) throws SQLException {
        Map<String, List<Build>> byTable = new LinkedHashMap<>();
        builds.forEach(build -> byTable.computeIfAbsent(build.table(), table -> new ArrayList<>())
                .add(build));
        try (Connection connection = Connections.open(target, SchemaSession.APPLICATION)) {
            execute(connection, RECORDS);
            Map<String, Long> sizes = sizes(connection, List.copyOf(byTable.keySet()));
            List<List<Build>> sorted = byTable.entrySet().stream()
                    .filter(each -> sizes.containsKey(each.getKey()))
                    .sorted(Comparator.comparing(each -> -sizes.getOrDefault(each.getKey(), 0L)))
                    .map(Map.Entry::getValue)
                    .toList();
            record(connection, sorted.stream().flatMap(List::stream).toList());
            return sorted;
        }
    }

    private static Map<String, Long> sizes(Connection connection, List<String> tables) throws SQLException {
        String sql = "select name, pg_relation_size(oid) from unnest(?::text[]) as t(name)"
                + " join pg_class on oid = to_regclass(name) and relkind in ('r', 'p')";
        Map<String, Long> sizes = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    sizes.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return sizes;
    }

    private void work(String settings, Queue<List<Build>> queue, Queue<String> failures) throws SQLException {
        try (Connection connection = Connections.open(target, SchemaSession.APPLICATION)) {
            execute(connection, settings + MEMORY);
            connection.setAutoCommit(false);
            for (List<Build> table = queue.poll(); table != null; table = queue.poll()) {
                for (Build build : table) {
                    make(connection, build, failures);
                }
            }
        }
    }

    /** So that others see how many there are. */
    private static void record(Connection connection, List<Build> builds) throws SQLException {
        String sql = "insert into changeover.made (object) select unnest(?::text[]) on conflict do nothing";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setArray(
                    1,
                    connection.createArrayOf(
                            "text", builds.stream().map(Build::object).toArray()));
            insert.executeUpdate();
        }
    }

    /** The record comes first: who else makes the same waits for it. */
    private static void make(Connection connection, Build build, Queue<String> failures) throws SQLException {
        String sql = "update changeover.made set made_at = clock_timestamp() where object = ? and made_at is null";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, build.object());
            if (update.executeUpdate() == 1) {
                Script.run(connection, build.sql());
            }
            connection.commit();
        } catch (SQLException e) {
            if (PSQLState.isConnectionError(e.getSQLState()) || connection.isClosed()) {
                throw e;
            }
            connection.rollback();
            failures.add("Could not make " + build.object() + " on the target: " + e.getMessage());
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
