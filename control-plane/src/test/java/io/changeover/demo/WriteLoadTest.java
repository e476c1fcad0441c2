package io.changeover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.ServerSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WriteLoadTest {

    private static final WriteLoad.Settings FAST = new WriteLoad.Settings(3, 1_000, 1);

    @TempDir
    Path temporary;

    @Test
    void remembersWhatWasAcknowledgedBeforeAndAfterCrash() throws Exception {
        try (DvdRentalServer source = new DvdRentalServer(14, temporary.resolve("source"));
                WriteLoad load = WriteLoad.start(source::settings, FAST)) {
            awaitTransactions(load, 500);
            source.server().kill();
            source.server().start();
            awaitTransactions(load, load.transactions() + 500);
            load.close();

            assertThat(load.failure()).isEmpty();
            try (Connection connection = source.connect()) {
                assertThat(load.missingOn(connection)).isEmpty();
            }
        }
    }

    @Test
    void goesOnElsewhereWhenWritesAreRefused() throws Exception {
        try (DvdRentalServer source = new DvdRentalServer(14, temporary.resolve("source"));
                DvdRentalServer target = new DvdRentalServer(17, temporary.resolve("target"))) {
            AtomicReference<ServerSettings> current = new AtomicReference<>(source.settings());
            try (WriteLoad load = WriteLoad.start(current::get, FAST)) {
                awaitTransactions(load, 200);
                source.asSuperuser("alter database dvdrental set default_transaction_read_only = on");
                source.asSuperuser(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'dvdrental'");
                current.set(target.settings());
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.pauseAtSwitch().isPresent());
                awaitTransactions(load, load.transactions() + 200);
                load.close();

                assertThat(load.failure()).isEmpty();
                assertThat(load.acknowledged()).hasSize(2);
                try (Connection connection = target.connect()) {
                    // nothing moved the source's rows
                    assertThat(load.missingOn(connection).orElseThrow())
                            .startsWith(load.acknowledged().get(0).transactions() + " of the latest");
                }
            }
        }
    }

    @Test
    void sequenceThatWasNotSetStopsIt() throws Exception {
        try (DvdRentalServer source = new DvdRentalServer(17, temporary.resolve("source"))) {
            try (Connection connection = source.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("alter table public.rental alter column rental_id restart with 1");
            }
            try (WriteLoad load = WriteLoad.start(source::settings, FAST)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.failure().isPresent());

                assertThat(load.failure().orElseThrow())
                        .hasMessageContaining("\"rent\" failed")
                        .cause()
                        .hasMessageContaining("rental_pkey");
            }
        }
    }

    @Test
    void closeCutsClientsThatWaitForLock() throws Exception {
        try (DvdRentalServer source = new DvdRentalServer(17, temporary.resolve("source"));
                Connection locker = source.connect();
                Statement statement = locker.createStatement()) {
            WriteLoad load = WriteLoad.start(source::settings, FAST);
            awaitTransactions(load, 100);
            locker.setAutoCommit(false);
            statement.execute("lock table public.receipt in exclusive mode");

            long start = System.nanoTime();
            load.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(load.failure()).isEmpty();
        }
    }

    private static void awaitTransactions(WriteLoad load, long count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> load.failure().isPresent() || load.transactions() >= count);
    }
}
