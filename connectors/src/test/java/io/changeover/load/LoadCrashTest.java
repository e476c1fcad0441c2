package io.changeover.load;

import static io.changeover.load.LoadDatabases.ask;
import static io.changeover.load.LoadDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.fault.CrashPoint;
import io.changeover.fault.CrashingProcess;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that loads is ended at every point; the next one leaves everything as without that. */
@Timeout(180)
class LoadCrashTest {

    private static final TableName SMALL = new TableName("public", "small");
    private static final TableName LARGE = new TableName("public", "large");

    @RegisterExtension
    static final LoadDatabases databases = new LoadDatabases();

    static Stream<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values()).filter(point -> point.part().equals("load"));
    }

    @BeforeEach
    void fillTheSource() throws SQLException {
        databases.onBoth(
                "create table public.small (id int primary key, v text)",
                "create table public.large (id int primary key, v text)",
                "create table public.arriving (id int primary key, v text)");
        run(
                databases.source(),
                "insert into public.small select n, 'v' || n from generate_series(1, 1000) n",
                "insert into public.large select n, 'v' || n from generate_series(1, 50000) n",
                "insert into public.arriving select n, 'v' || n from generate_series(1, 1000) n");
        try (Connection ledger = Connections.open(databases.target(), "changeover-test")) {
            Ledger.create(ledger);
            LoadLedger.enqueue(
                    ledger,
                    List.of(
                            new LoadLedger.Entry(LARGE, 50_000, 2 * LoadProcess.PART),
                            new LoadLedger.Entry(SMALL, 1000, 1)));
        }
    }

    @ParameterizedTest
    @MethodSource("points")
    void everyRowIsThereOnce(CrashPoint point) throws Exception {
        boolean arriving = point.name().endsWith("_ARRIVED");
        if (point.name().endsWith("_AGAIN")) {
            assertThat(crash(CrashPoint.LOAD_AFTER_PARTS, false))
                    .as("the snapshot is lost with who held it")
                    .isEqualTo(CrashPoint.STATUS);
        }
        assertThat(crash(point, arriving)).as(point.id()).isEqualTo(CrashPoint.STATUS);
        awaitNobody();
        if (arriving) {
            assertThat(ask(databases.target(), "select count(*) from public.arriving"))
                    .containsExactly(point == CrashPoint.LOAD_AFTER_ARRIVED ? "1000" : "0");
            LoadProcess.arrive(databases.target());
            assertLoaded("arriving");
        }

        LoadProcess.loadAll(databases.source(), databases.target());

        assertLoaded("small");
        assertLoaded("large");
        assertThat(ask(databases.target(), "select count(*) from changeover.loads where state <> 'done'"))
                .containsExactly("0");
    }

    private static int crash(CrashPoint point, boolean arriving) throws Exception {
        List<String> arguments = new ArrayList<>(CrashingProcess.arguments(databases.source()));
        arguments.addAll(CrashingProcess.arguments(databases.target()));
        arguments.add(arriving ? "arriving" : "queue");
        return CrashingProcess.run(point, LoadProcess.class, arguments);
    }

    /** The server notices a moment later that the other end is gone. */
    private static void awaitNobody() {
        await().until(() -> ask(
                        databases.target(),
                        "select count(*) from pg_stat_activity where application_name = 'changeover-load'")
                .equals(List.of("0")));
    }

    private static void assertLoaded(String table) throws SQLException {
        String content = "select count(*), sum(id), count(distinct v), sum(hashtext(v)) from public." + table;
        assertThat(ask(databases.target(), content)).isEqualTo(ask(databases.source(), content));
        String load = "select state, rows from changeover.loads where table_name = '" + table + "'";
        assertThat(ask(databases.target(), load))
                .containsExactly("done|"
                        + ask(databases.source(), "select count(*) from public." + table)
                                .get(0));
    }
}
