package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.ServerSettings;
import io.changeover.wire.ChangeConverter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A word that is in values, keys and passwords, and must be nowhere that people look when something fails. */
@Timeout(120)
class CanaryTest {

    private static final String CANARY = "c4n4ry";

    private final StringWriter logs = new StringWriter();
    private TargetDatabase target;

    @BeforeEach
    void listen() throws SQLException {
        target = TargetDatabase.create();
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        WriterAppender appender = WriterAppender.createAppender(
                PatternLayout.newBuilder().withPattern("%m%n%throwable").build(), null, logs, "canary", false, true);
        appender.start();
        context.getConfiguration().getRootLogger().addAppender(appender, Level.TRACE, null);
        Configurator.setLevel("io.changeover", Level.TRACE);
        Configurator.setRootLevel(Level.TRACE);
        context.getConfiguration().getLoggers().values().forEach(each -> {
            if (!each.getName().isEmpty()) {
                each.addAppender(appender, Level.TRACE, null);
                each.setLevel(Level.TRACE);
            }
        });
        context.updateLoggers();
    }

    @AfterEach
    void stopListening() throws SQLException {
        ((LoggerContext) LogManager.getContext(false)).reconfigure();
        target.close();
    }

    /** Each row's value fits its source and not its target. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v int",
                "v date",
                "v boolean",
                "v uuid",
                "v json",
                "v xml",
                "v inet",
                "v public.mood",
                "v tsquery check (v is not null)",
                "v regclass",
                "v int[]",
                "v int4range",
                "v varchar(3)",
                "v bytea",
                "v text check (v = '')",
                "v text collate pg_catalog.\"C\", w int not null",
                "v text, exclude using hash (v with =)",
                "v text unique",
                "v public.checked",
                "w text"
            })
    void isNotInWhatARefusedRowSays(String columns) throws Exception {
        target.execute("create type public.mood as enum ('ok')");
        target.execute("create domain public.checked as text check (value = '')");
        target.execute("create table public.t (k text primary key, " + columns + ")");
        if (columns.contains("unique") || columns.contains("exclude")) {
            target.execute("insert into public.t values ('0', '" + CANARY + " & |')");
        }
        for (int rows : new int[] {1, 30}) {
            for (String mode : List.of("stop", "stop-table")) {
                fails(mode, topic(rows), "10000");
            }
        }
        fails("stop", topic(300), "50");

        assertThat(target.query("select count(*) > 0 from changeover.quarantine"))
                .containsExactly("t");
        assertNoCanary();
    }

    @Test
    void isNotInWhatADivergedTargetSays() throws Exception {
        target.execute("create table public.t (k text primary key, v text)");
        ChangeTopic topic = new ChangeTopic()
                .transaction(0x10, update("t", row("k", CANARY), "k", CANARY, "v", CANARY))
                .transaction(0x20, delete("t", "k", CANARY));
        for (String mode : List.of("stop", "stop-table")) {
            fails(mode, topic, "10000");
        }

        assertNoCanary();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0001", "23505", "40001", "42601"})
    void isNotInWhatAFunctionOfTheTargetSays(String state) throws Exception {
        target.execute("create table public.t (k text primary key, v text)");
        target.execute("create function public.complain(v text) returns boolean language plpgsql as $$begin"
                + " raise 'no %', v using errcode = '" + state + "', detail = v, hint = v; end$$");
        target.execute("alter table public.t add check (public.complain(v))");
        fails("stop", topic(1), "10000");
        fails("stop-table", topic(30), "10000");

        assertThat(logs.toString()).contains(state + ": raised by a function of the target");
        assertNoCanary();
    }

    @Test
    void isNotInWhatAWrongPasswordSays() throws Exception {
        ServerSettings mover = target.createMover(createTable());
        ServerSettings wrong = new ServerSettings(
                mover.host(), mover.port(), mover.database(), mover.user(), CANARY, "disable", mover.sslRootCert());

        Throwable failure = catchThrowable(() -> new RunningSink(wrong));
        note(failure);
        logs.append(new PostgresSinkConnector()
                .validate(RunningSink.properties(wrong))
                .configValues()
                .toString()
                .replaceAll("value=\\[hidden]", ""));

        assertNoCanary();
    }

    private String createTable() throws SQLException {
        target.execute("create table public.u (k text primary key)");
        return "u";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CANARY,
                "\"" + CANARY + "\"",
                "{\"" + CANARY + "\": 1}",
                "{\"" + CANARY + "\": []}",
                "{\"events\": [{\"" + CANARY + "\": 1}]}",
                "{\"events\": [{\"op\": \"" + CANARY + "\", \"t\": 0}]}",
                "{\"events\": [{\"begin\": \"" + CANARY + "\"}]}",
                "{\"events\": [{\"started\": \"" + CANARY + "/0\"}]}",
                "{\"events\": [{\"end\": 1, \"lsn\": \"" + CANARY + "\"}]}",
                "{\"tables\": [{\"schema\": \"s\", \"table\": \"t\", \"after\": [\"a\"]}],"
                        + " \"events\": [{\"op\": \"c\", \"t\": 0, \"after\": [\"" + CANARY + "\", " + CANARY + "]}]}"
            })
    void isNotInWhatARecordSaysThatIsNotOne(String record) {
        Throwable ofConverter = catchThrowable(
                () -> new ChangeConverter().toConnectData("topic", record.getBytes(StandardCharsets.UTF_8)));
        note(ofConverter);
        List<Throwable> reported = new ArrayList<>();
        for (Object value : List.of(record, Map.of("events", List.of(Map.of("op", CANARY, CANARY, CANARY))))) {
            try (RunningSink sink = new RunningSink(target.settings())) {
                sink.context.reporter = (errant, error) -> {
                    reported.add(error);
                    return CompletableFuture.completedFuture(null);
                };
                SinkRecord poison = new SinkRecord(ChangeTopic.NAME, 0, null, null, null, value, 0);
                Throwable ofTask = catchThrowable(() -> sink.put(List.of(poison)));
                assertThat(ofTask).isInstanceOf(ConnectException.class).hasMessageContaining("CO-2034");
                note(ofTask);
            }
        }

        assertThat(reported).hasSize(2);
        reported.forEach(this::note);
        assertNoCanary();
    }

    private static ChangeTopic topic(int rows) {
        ChangeEvent[] inserts = new ChangeEvent[rows];
        for (int i = 0; i < rows; i++) {
            inserts[i] = insert("t", "k", CANARY + i, "v", CANARY + " & |");
        }
        return new ChangeTopic().transaction(0x10, inserts);
    }

    private void fails(String mode, ChangeTopic topic, String buffer) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        target.execute("drop schema if exists changeover cascade");
        settings.put("change.failure.mode", mode);
        settings.put("transaction.buffer.changes", buffer);
        settings.put("max.retries", "1");
        settings.put("retry.backoff.ms", "1");
        String[] more = settings.entrySet().stream()
                .flatMap(each -> List.of(each.getKey(), each.getValue()).stream())
                .toArray(String[]::new);
        try (RunningSink sink = new RunningSink(target.settings(), more)) {
            note(catchThrowable(() -> sink.follow(topic, 40)));
        }
        target.query("select * from changeover.quarantine").forEach(logs::append);
    }

    /** As the REST interface of Connect shows it. */
    private void note(Throwable error) {
        if (error != null) {
            error.printStackTrace(new PrintWriter(logs, true));
        }
    }

    private void assertNoCanary() {
        assertThat(logs.toString()).isNotEmpty();
        assertThat(logs.toString().lines().filter(line -> line.contains(CANARY)))
                .isEmpty();
    }
}
