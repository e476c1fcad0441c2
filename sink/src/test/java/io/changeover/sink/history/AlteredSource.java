package io.changeover.sink.history;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.BufferLimits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A source and a target that are altered while the stream of the one is applied to the other. */
final class AlteredSource implements AutoCloseable {

    private static final BufferLimits LIMITS = new BufferLimits(1000, 1000, 1 << 30);

    private final RecordedSource source;
    private final ServerSettings target;
    private final List<List<ChangeEvent>> topic = new ArrayList<>();
    private StreamApplier applier;

    /** With these tables on both sides, empty. */
    AlteredSource(HistoryServers servers, String tables) throws Exception {
        source = servers.newEmptySource();
        target = servers.newEmptyTarget();
        onSource(tables);
        HistoryServers.execute(target, "set search_path = public, pg_catalog; " + tables);
        applier = StreamApplier.open(target, "altered", LIMITS);
    }

    /** What an application does on the source, each by itself; the topic has it then. */
    void onSource(String... transactions) throws SQLException, InterruptedException {
        source.record(Arrays.asList(transactions)).forEach(event -> topic.add(List.of(event)));
    }

    /** What an operator does on the target. */
    void onTarget(String sql) throws SQLException {
        HistoryServers.execute(target, "set search_path = public, pg_catalog; " + sql);
    }

    /** The capture begins anew: it says again how tables are defined. */
    void restartCapture() {
        source.forgetWhatWasTold();
    }

    /** The task ends as if it were killed, and another one takes over. */
    void restartSink() throws SQLException {
        applier.disconnect();
        applier = StreamApplier.open(target, "altered", LIMITS);
    }

    /** Applies what the topic has; from the position on, as a task does that was told to wait. */
    void apply() throws SQLException, FailedChangeException {
        try {
            for (int i = (int) applier.topicOffset(); i < topic.size(); i++) {
                applier.take(i, topic.get(i));
            }
            applier.apply();
        } catch (FailedChangeException e) {
            applier.disconnect();
            applier.resume();
            throw e;
        }
    }

    /** The rows of a table, with the names of its columns. */
    List<String> rows(String table) throws SQLException {
        return rows(source.server(), table);
    }

    /** The same of the target. */
    List<String> targetRows(String table) throws SQLException {
        return rows(target, table);
    }

    List<String> source(String sql) throws SQLException {
        return query(source.server(), sql);
    }

    List<String> target(String sql) throws SQLException {
        return query(target, sql);
    }

    private static List<String> rows(ServerSettings server, String table) throws SQLException {
        return query(server, "select to_jsonb(t)::text from public." + table + " t order by 1");
    }

    private static List<String> query(ServerSettings server, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = Connections.open(server, "test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    @Override
    public void close() throws SQLException {
        applier.disconnect();
        source.close();
    }
}
