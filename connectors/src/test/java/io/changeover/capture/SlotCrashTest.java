package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.fault.CrashPoint;
import io.changeover.fault.CrashingProcess;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM is ended where it makes the slot: the next one makes it, or says that nobody knows what was read. */
class SlotCrashTest {

    private static LocalPostgres server;

    @BeforeAll
    static void startServer() throws SQLException {
        server = LocalPostgres.builder(17)
                .setting("wal_level", "logical")
                .fsync(false)
                .start();
        run("create publication changeover_test for all tables");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void dropSlot() throws SQLException {
        run("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    static Stream<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values()).filter(point -> point.part().equals("capture"));
    }

    @ParameterizedTest
    @MethodSource("points")
    void theSlotIsMadeOrNamed(CrashPoint point) throws Exception {
        int status = CrashingProcess.run(point, SlotCrashTest.class, CrashingProcess.arguments(source()));

        assertThat(status).as(point.id()).isEqualTo(CrashPoint.STATUS);
        switch (point) {
            case CAPTURE_BEFORE_SLOT ->
                assertThat(StartingPoint.find(settings(source()), null).created())
                        .isPresent();
            case CAPTURE_AFTER_SLOT ->
                assertThatThrownBy(() -> StartingPoint.find(settings(source()), null))
                        .hasMessageContaining("CO-2001");
            default -> throw new AssertionError("no expectation for " + point);
        }
    }

    /** The other JVM. */
    public static void main(String[] arguments) {
        StartingPoint unused = StartingPoint.find(settings(CrashingProcess.server(arguments, 0)), null);
    }

    private static CaptureSettings settings(ServerSettings source) {
        return new CaptureSettings("topic", "changeover_test", "changeover_test", source, new Packer.Limits(1, 1, 1));
    }

    private static ServerSettings source() {
        return server.settings("postgres");
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = Connections.open(source(), "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
