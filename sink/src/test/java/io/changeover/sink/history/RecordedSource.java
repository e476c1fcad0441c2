package io.changeover.sink.history;

import io.changeover.capture.wal.PgOutputDecoder;
import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.postgresql.replication.LogSequenceNumber;

/** A source on which random transactions are executed, and of which the WAL is decoded as the capture does it. */
final class RecordedSource implements AutoCloseable {

    private static final String COLUMNS = """
            select c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
                   a.attgenerated <> '', a.attidentity::text
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.oid, a.attnum""";

    /** A plain key, a whole old row, a unique column beside the key. */
    private static final Set<String> ALWAYS = Set.of("k_int", "k_full", "u_plain");

    private final ServerSettings server;
    private final String slot;
    private Connection application;
    private Connection capture;
    private LogSequenceNumber end = LogSequenceNumber.INVALID_LSN;
    private PgOutputDecoder decoder = decoder();
    private final List<SourceTable> tables;
    private int failed;
    private int succeeded;

    RecordedSource(ServerSettings server) throws SQLException {
        this.server = server;
        slot = server.database();
        application = application(server);
        capture = Connections.open(server, "capture");
        tables = readTables();
        execute("select pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        application.setAutoCommit(false);
    }

    private PgOutputDecoder decoder() {
        return new PgOutputDecoder("history", 17, end, sent -> Optional.of(sent.complete(capture)));
    }

    /** The capture begins anew behind what was recorded. */
    void forgetWhatWasTold() {
        decoder = decoder();
    }

    private static Connection application(ServerSettings server) throws SQLException {
        Connection connection = Connections.open(server, "application");
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = public, pg_catalog");
        }
        return connection;
    }

    /** Before a crash of the server: the slot would begin to read again what it has not noted on disk. */
    void noteWhatWasRead() throws SQLException {
        try (Statement statement = capture.createStatement()) {
            statement.execute("checkpoint");
        }
    }

    /** After a crash of the server. */
    void connectAgain() throws SQLException {
        application.close();
        capture.close();
        application = application(server);
        capture = Connections.open(server, "capture");
        application.setAutoCommit(false);
    }

    ServerSettings server() {
        return server;
    }

    Connection connection() {
        return capture;
    }

    /** Those of one history: not all, so that each of them gets many changes; some kinds are in every one. */
    List<SourceTable> someTables(Random random, int count) {
        List<SourceTable> shuffled = new ArrayList<>(tables);
        Collections.shuffle(shuffled, random);
        shuffled.sort(Comparator.comparing(table -> !ALWAYS.contains(table.name())));
        return shuffled.subList(0, Math.min(count, shuffled.size()));
    }

    /** Executes transactions, as far as the server lets it, and gives what its WAL says of them. */
    List<ChangeEvent> record(Random random, List<SourceTable> of, int transactions)
            throws SQLException, InterruptedException {
        for (int i = 0; i < transactions; i++) {
            execute(random.nextInt(4) == 0 ? "set constraints all deferred" : "set constraints all immediate");
            int statements = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 6);
            for (int j = 0; j < statements; j++) {
                execute("savepoint s");
                if (!attempt(of.get(random.nextInt(of.size())).anyChange(random)) || random.nextInt(15) == 0) {
                    execute("rollback to savepoint s");
                }
            }
            if (random.nextInt(12) == 0 || !attempt("set constraints all immediate")) {
                application.rollback();
            } else {
                application.commit();
            }
        }
        return decode();
    }

    /** Executes these transactions, which succeed, and gives what the server's WAL says of them. */
    List<ChangeEvent> record(List<String> transactions) throws SQLException, InterruptedException {
        if (!application.getAutoCommit()) {
            application.rollback();
            application.setAutoCommit(true);
        }
        for (String each : transactions) {
            execute(each);
        }
        return decode();
    }

    /** How many of the statements succeeded, of all. */
    double share() {
        return (double) succeeded / (succeeded + failed);
    }

    /** What an application tries may fail: the savepoint, or the whole transaction, is undone. */
    private boolean attempt(String sql) {
        try {
            execute(sql);
            succeeded++;
            return true;
        } catch (SQLException refused) {
            failed++;
            return false;
        }
    }

    private List<ChangeEvent> decode() throws SQLException, InterruptedException {
        List<ChangeEvent> events = new ArrayList<>();
        String sql = "select lsn, data from pg_logical_slot_get_binary_changes(?, null, null,"
                + " 'proto_version', '1', 'publication_names', 'history')";
        try (PreparedStatement changes = capture.prepareStatement(sql)) {
            changes.setString(1, slot);
            try (ResultSet rows = changes.executeQuery()) {
                while (rows.next()) {
                    decoder.decode(
                            ByteBuffer.wrap(rows.getBytes(2)),
                            LogSequenceNumber.valueOf(rows.getString(1)),
                            (event, chars) -> {
                                events.add(event);
                                end = event instanceof ChangeEvent.End last ? last.commitLsn() : end;
                            });
                }
            }
        }
        return events;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = application.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private List<SourceTable> readTables() throws SQLException {
        Map<String, List<SourceTable.Column>> columns = new LinkedHashMap<>();
        try (Statement statement = application.createStatement();
                ResultSet rows = statement.executeQuery(COLUMNS)) {
            while (rows.next()) {
                columns.computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
                        .add(new SourceTable.Column(
                                rows.getString(2),
                                rows.getString(3),
                                rows.getBoolean(4),
                                rows.getBoolean(5),
                                rows.getString(6)));
            }
        }
        return columns.entrySet().stream()
                .map(each -> new SourceTable(each.getKey(), each.getValue()))
                .toList();
    }

    @Override
    public void close() throws SQLException {
        application.close();
        try (Statement statement = capture.createStatement()) {
            statement.execute("select pg_drop_replication_slot('" + slot + "')");
        }
        capture.close();
    }
}
