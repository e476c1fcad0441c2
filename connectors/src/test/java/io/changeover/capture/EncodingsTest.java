package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.LongValues;
import io.changeover.contract.Marker;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text of databases that are not in UTF-8. */
class EncodingsTest {

    private static final int MAJOR = 17;
    private static final TableName TABLE = new TableName("public", "customers");

    private static LocalPostgres server;

    @BeforeAll
    static void start() throws SQLException {
        server = ValueDatabase.startServer(MAJOR);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A database in SQL_ASCII keeps the bytes it is given: here they are UTF-8. */
    @ParameterizedTest
    @CsvSource({"LATIN1, äöüß ÿ £", "EUC_JP, 日本語 カタカナ 漢字", "SQL_ASCII, ä 日本語 😀"})
    void textArrives(String encoding, String text) throws Exception {
        ValueDatabase database = create(encoding);
        Map<String, Object> beginning = database.beginning();
        database.execute(
                "insert into public.customers values (1, '" + text + "')",
                "insert into public.customers values (2, repeat('" + text + "', 20000))");
        database.mark();

        assertThat(captured(database, beginning)).containsExactly(text, text.repeat(20_000));
    }

    @Test
    void bytesThatAreNoTextStopTheCapture() throws Exception {
        ValueDatabase database = create("SQL_ASCII");
        Map<String, Object> beginning = database.beginning();
        database.execute(
                "insert into public.customers values (1, 'good')",
                "insert into public.customers values (2, 'confidential ' || convert_from('\\xe4ff', 'SQL_ASCII'))");
        database.mark();

        Throwable failure = catchThrowable(() -> captured(database, beginning));

        assertThat(failure)
                .hasMessageStartingWith("CO-2012")
                .hasMessageContaining("column full name")
                .hasMessageContaining("table public.customers");
        assertThat(failure).extracting(EncodingsTest::messages).asString().doesNotContain("confidential");
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .toList()
                .toString();
    }

    private static int databases;

    private static ValueDatabase create(String encoding) throws SQLException {
        ValueDatabase database = ValueDatabase.create(
                server, MAJOR, encoding.toLowerCase(java.util.Locale.ROOT) + ++databases, encoding);
        database.execute("create table public.customers (id int primary key, \"full name\" text)");
        database.publish(Stream.of(TABLE));
        return database;
    }

    private static List<String> captured(ValueDatabase database, Map<String, Object> beginning)
            throws InterruptedException {
        List<SourceRecord> records = TaskRun.collect(
                new CaptureTask(),
                CaptureConnector.complete(database.connector(CaptureConnector.class)),
                beginning,
                record -> CapturedTransaction.events(record).stream()
                        .anyMatch(event -> event instanceof ChangeEvent.Message message
                                && Marker.of(message).equals(Optional.of(ValueDatabase.LAST))));
        LongValues values = new LongValues();
        return records.stream()
                .flatMap(record -> CapturedTransaction.events(record).stream())
                .map(values::take)
                .filter(ChangeEvent.Insert.class::isInstance)
                .map(event -> ((ChangeEvent.Insert) event).after().toMap().get("full name"))
                .toList();
    }
}
