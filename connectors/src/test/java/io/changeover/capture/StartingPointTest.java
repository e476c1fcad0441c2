package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;

/** On a real server, as a role that is no superuser. */
class StartingPointTest {

    private static LocalPostgres server;
    private static CaptureSettings settings;

    @BeforeAll
    static void startServer() throws SQLException {
        server = LocalPostgres.builder(17)
                .setting("wal_level", "logical")
                .setting("max_slot_wal_keep_size", "1MB")
                .setting("min_wal_size", "32MB")
                .setting("max_wal_size", "32MB")
                .fsync(false)
                .start();
        asSuperuser("postgres", "create role capture login replication password 'secret'");
        asSuperuser("postgres", "create database shop owner capture");
        ServerSettings source = server.settings("shop", "capture", "secret");
        settings =
                new CaptureSettings("topic", "changeover_test", "changeover_test", source, new Packer.Limits(1, 1, 1));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void publish() throws SQLException {
        run("create table public.t (id int primary key)");
        run("create publication changeover_test for table public.t");
    }

    @AfterEach
    void clean() throws SQLException {
        run("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
        run("drop table if exists public.t, public.other");
        run("drop publication if exists changeover_test");
    }

    @Test
    void firstStartMakesTheSlotAndRemembersTheServer() throws SQLException {
        StartingPoint point = StartingPoint.find(settings, null);

        assertThat(point.created()).isPresent();
        assertThat(point.offset())
                .containsEntry("lsn_commit", point.created().get().asLong())
                .containsKeys("changeover_system", "changeover_timeline", "changeover_publication");
        assertThat(StartingPoint.find(settings, point.offset()).created()).isEmpty();
    }

    @Test
    void crashBeforeTheFirstOffsetIsNamed() {
        StartingPoint.find(settings, null);

        assertRefused(null, "CO-2001");
    }

    @Test
    void droppedSlotIsNamed() throws SQLException {
        Map<String, Object> offset = StartingPoint.find(settings, null).offset();
        run("select pg_drop_replication_slot('changeover_test')");

        assertRefused(offset, "CO-2002");
    }

    @Test
    void slotThatSomethingElseHasReadIsNamed() throws SQLException {
        Map<String, Object> offset = StartingPoint.find(settings, null).offset();
        run("insert into public.t values (1)");
        run("select pg_replication_slot_advance('changeover_test', pg_current_wal_insert_lsn())");

        assertRefused(offset, "CO-2005");
    }

    @Test
    void invalidatedSlotIsNamed() throws SQLException {
        Map<String, Object> offset = StartingPoint.find(settings, null).offset();
        for (int i = 0; i < 4; i++) {
            run("insert into public.t select coalesce(max(id), 0) + 1 from public.t");
            asSuperuser("shop", "select pg_switch_wal()");
        }
        asSuperuser("shop", "checkpoint");

        assertRefused(offset, "CO-2006");
    }

    @Test
    void secondReaderIsNamed() throws SQLException {
        Map<String, Object> offset = StartingPoint.find(settings, null).offset();
        try (Connection replication = Connections.openReplication(settings.source(), "other");
                var stream = replication
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName("changeover_test")
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", "changeover_test")
                        .start()) {
            assertThat(stream.isClosed()).isFalse();

            assertRefused(offset, "CO-2011");
        }
        await().ignoreExceptionsInstanceOf(SlotInUse.class)
                .until(() -> StartingPoint.find(settings, offset).created().isEmpty());
    }

    @Test
    void alteredPublicationIsNamed() throws SQLException {
        Map<String, Object> offset = StartingPoint.find(settings, null).offset();
        run("create table public.other (id int primary key)");
        run("alter publication changeover_test add table public.other");

        assertRefused(offset, "CO-2010");
    }

    @Test
    void rowFilterIsAnAlteredPublicationToo() throws SQLException {
        Map<String, Object> offset = StartingPoint.find(settings, null).offset();
        run("alter publication changeover_test set table public.t where (id > 5)");

        assertRefused(offset, "CO-2010");
    }

    @Test
    void offsetOfAnotherServerIsNamed() throws SQLException {
        Map<String, Object> offset =
                new java.util.HashMap<>(StartingPoint.find(settings, null).offset());
        offset.put("changeover_system", "1");

        assertRefused(offset, "CO-2007");
    }

    @Test
    void sourceThatWentBackIsNamed() throws SQLException {
        Map<String, Object> offset =
                new java.util.HashMap<>(StartingPoint.find(settings, null).offset());
        offset.put("lsn_commit", LogSequenceNumber.valueOf("FF/0").asLong());

        assertRefused(offset, "CO-2009");
    }

    private static void assertRefused(Map<String, Object> offset, String code) {
        assertThatThrownBy(() -> StartingPoint.find(settings, offset))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith(code + ": ");
    }

    private static void run(String sql) throws SQLException {
        execute(settings.source(), sql);
    }

    private static void asSuperuser(String database, String sql) throws SQLException {
        execute(server.settings(database), sql);
    }

    private static void execute(ServerSettings where, String sql) throws SQLException {
        try (Connection connection = Connections.open(where, "test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
