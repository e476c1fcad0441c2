package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.LongValues;
import io.changeover.contract.Marker;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every value of the matrix arrives as the source itself writes it in canonical settings, whatever server, database,
 * role and JVM are set to: inserted, unchanged, emptied and restored, in a whole old row, and deleted; through the
 * stream, and through Debezium's snapshot with our query.
 */
class LosslessValuesTest {

    private static final String ID = "id";

    /** A row of a table of the matrix. */
    private record Row(TableName table, int id) {}

    @ParameterizedTest
    @ValueSource(ints = 17)
    void everyValueArrives(int major) throws Exception {
        check(major);
    }

    @Tag("faults")
    @ParameterizedTest
    @ValueSource(ints = {10, 12, 14, 15, 16, 18})
    void everyValueArrivesFromEveryVersion(int major) throws Exception {
        check(major);
    }

    @Tag("faults")
    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kolkata", "America/St_Johns"})
    void timeZoneOfTheJvmDoesNotMatter(String zone) throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            check(17);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static void check(int major) throws Exception {
        try (ValueDatabase database = ValueDatabase.start(major)) {
            List<ValueTable> tables = create(database);
            Map<String, Object> beginning = database.beginning();
            for (ValueTable table : tables) {
                execute(database, table, List.of(table.insert()));
            }
            Map<Row, Map<String, String>> expected = rows(database, tables);
            assertThat(expected).hasSizeGreaterThan(500);
            assertThat(differences(expected, DebeziumSnapshot.read(database)))
                    .as("differences in the snapshot")
                    .isEmpty();

            for (ValueTable table : tables) {
                execute(database, table, table.changes());
            }
            database.mark();
            Map<Row, List<ChangeEvent>> captured = capture(database, beginning);

            List<String> differences = new ArrayList<>();
            expected.forEach((row, values) -> differences.addAll(new ValueHistory(row.table(), row.id(), values)
                    .differences(captured.getOrDefault(row, List.of()))));
            assertThat(differences).as("differences in the stream").isEmpty();
            assertThat(captured.keySet()).isEqualTo(expected.keySet());
            assertThat(captured.values().stream().flatMap(List::stream).filter(LosslessValuesTest::isPartial))
                    .as("updates without a TOAST value that did not change")
                    .isNotEmpty();
        }
    }

    private static boolean isPartial(ChangeEvent event) {
        return event instanceof ChangeEvent.Update update
                && update.before().size() > 1
                && update.after().size() < update.before().size();
    }

    private static List<ValueTable> create(ValueDatabase database) throws SQLException {
        database.createExtensions();
        database.execute(ValueCase.resource("values-types.sql"));
        List<ValueTable> tables = ValueTable.of(database.major());
        for (ValueTable table : tables) {
            execute(database, table, List.of(table.create()));
        }
        database.publish(tables.stream().map(ValueTable::name));
        return tables;
    }

    private static void execute(ValueDatabase database, ValueTable table, List<String> statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new SQLException("Table " + table.name() + ": " + e.getMessage(), e);
        }
    }

    private static Map<Row, Map<String, String>> rows(ValueDatabase database, List<ValueTable> tables)
            throws Exception {
        Map<Row, Map<String, String>> rows = new LinkedHashMap<>();
        try (Connection connection = database.open()) {
            for (ValueTable table : tables) {
                for (Map<String, String> row : CopyText.read(
                        connection, "select * from " + table.name().quoted() + " order by id")) {
                    rows.put(new Row(table.name(), Integer.parseInt(row.get(ID))), row);
                }
            }
        }
        return rows;
    }

    private static List<String> differences(
            Map<Row, Map<String, String>> expected, List<DebeziumSnapshot.Row> snapshot) {
        Map<Row, Map<String, String>> read = snapshot.stream()
                .collect(Collectors.toMap(
                        row -> new Row(
                                row.table(), Integer.parseInt(row.values().get(ID))),
                        DebeziumSnapshot.Row::values));
        List<String> differences = new ArrayList<>();
        expected.forEach((row, values) -> differences.addAll(ValueHistory.differences(
                row.table() + " " + row.id(), values, read.getOrDefault(row, Map.of()), false)));
        return differences;
    }

    private static Map<Row, List<ChangeEvent>> capture(ValueDatabase database, Map<String, Object> beginning)
            throws Exception {
        List<SourceRecord> records = TaskRun.collect(
                new CaptureTask(),
                CaptureConnector.complete(database.connector(CaptureConnector.class)),
                beginning,
                hasMarker());
        LongValues values = new LongValues();
        Map<Row, List<ChangeEvent>> changes = new HashMap<>();
        records.stream()
                .flatMap(record -> CapturedTransaction.events(record).stream())
                .map(values::take)
                .filter(Objects::nonNull)
                .forEach(event -> row(event)
                        .ifPresent(row -> changes.computeIfAbsent(row, added -> new ArrayList<>())
                                .add(event)));
        return changes;
    }

    private static Predicate<SourceRecord> hasMarker() {
        return record -> CapturedTransaction.events(record).stream()
                .anyMatch(event -> event instanceof ChangeEvent.Message message
                        && Marker.of(message).equals(Optional.of(ValueDatabase.LAST)));
    }

    private static Optional<Row> row(ChangeEvent event) {
        if (event instanceof ChangeEvent.Insert insert) {
            return Optional.of(row(insert.table(), insert.after()));
        } else if (event instanceof ChangeEvent.Update update) {
            return Optional.of(row(update.table(), update.before()));
        } else if (event instanceof ChangeEvent.Delete delete) {
            return Optional.of(row(delete.table(), delete.before()));
        }
        return Optional.empty();
    }

    private static Row row(TableName table, Tuple tuple) {
        return new Row(table, Integer.parseInt(tuple.value(tuple.indexOf(ID))));
    }
}
