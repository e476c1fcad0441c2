package io.changeover.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.ledger.LeaderLedger.Leader;
import io.changeover.ledger.Ledger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** On a source and a target with roles that are no superusers. */
@Timeout(60)
@ExtendWith(StackExtension.class)
class TenureTest {

    private static final String STREAM = "changeover.shop.shop";
    private static final Standing LEADS = () -> {};
    private static final Standing IS_SUPERSEDED = () -> {
        throw Superseded.inTheStore(new IllegalStateException("fenced"));
    };

    @Test
    void sessionsOfWhoLeadsBearItsEpochOnBothServers(Databases databases) throws Exception {
        try (Tenure first = tenure(databases, 1, LEADS)) {
            first.begin();
            try (Connection source = Connections.open(first.source(), "changeover-test");
                    Connection target = Connections.open(first.target(), "changeover-test")) {
                for (Connection session : List.of(source, target)) {
                    assertThat(name(session)).matches("changeover-test [0-9a-f]{8}\\.1");
                }
            }
        }
    }

    @Test
    void successorEndsTheSessionsThatAreThereAndThoseThatComeLaterAreRefused(Databases databases) throws Exception {
        try (Tenure first = tenure(databases, 1, LEADS);
                Tenure second = tenure(databases, 2, LEADS)) {
            first.begin();
            try (Connection source = Connections.open(first.source(), "changeover-test");
                    Connection target = Connections.open(first.target(), "changeover-test")) {
                second.takeOver();

                for (Connection session : List.of(source, target)) {
                    assertThatThrownBy(() -> name(session)).isInstanceOf(SQLException.class);
                }
            }
            for (ServerSettings side : List.of(first.source(), first.target())) {
                assertThatThrownBy(() -> Connections.open(side, "changeover-test"))
                        .isInstanceOf(Superseded.class)
                        .hasMessageContaining("CO-2080")
                        .hasMessageContaining("plane 2, epoch 2");
            }
            assertThatThrownBy(() -> first.during("a request", () -> "sent")).isInstanceOf(Superseded.class);
            assertThatThrownBy(first::takeOver).isInstanceOf(Superseded.class);
            assertThat(second.during("a request", () -> "sent")).isEqualTo("sent");
        }
    }

    /** The first is not ended by one that is late itself. */
    @Test
    void whoComesLateEndsNobodysSessions(Databases databases) throws Exception {
        try (Tenure second = tenure(databases, 2, LEADS);
                Tenure first = tenure(databases, 1, LEADS)) {
            second.begin();
            try (Connection source = Connections.open(second.source(), "changeover-test");
                    Connection target = Connections.open(second.target(), "changeover-test")) {
                assertThatThrownBy(first::takeOver).isInstanceOf(Superseded.class);

                assertThat(List.of(name(source), name(target))).allMatch(name -> name.endsWith(".2"));
            }
        }
    }

    /** Nothing is changed on a server before the step that makes the ledger. */
    @Test
    void beforeThereIsALedgerTheStateTopicIsAskedAndNothingIsMade(Databases databases) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Tenure first = tenure(databases, 1, asked::incrementAndGet)) {
            first.takeOver();

            assertThat(asked).hasValue(1);
            assertThat(databases.askTarget("select to_regnamespace('changeover')"))
                    .containsExactly("null");
        }
        try (Tenure late = tenure(databases, 1, IS_SUPERSEDED)) {
            assertThatThrownBy(() -> Connections.open(late.source(), "changeover-test"))
                    .isInstanceOf(Superseded.class);
            assertThatThrownBy(late::takeOver).isInstanceOf(Superseded.class);
        }
    }

    /** A successor has led the pair to its end. */
    @Test
    void whatIsOverIsNotBegunAnewByOneThatComesLate(Databases databases) throws Exception {
        try (Tenure first = tenure(databases, 1, IS_SUPERSEDED);
                Tenure second = tenure(databases, 2, LEADS)) {
            second.begin();
            try (Connection target = Connections.open(second.target(), "changeover-test")) {
                assertThat(Ledger.drop(target, STREAM)).isTrue();
            }

            for (ServerSettings side : List.of(first.source(), first.target())) {
                assertThatThrownBy(() -> Connections.open(side, "changeover-test"))
                        .isInstanceOf(Superseded.class);
            }
            assertThatThrownBy(() -> first.during("a request", () -> "sent")).isInstanceOf(Superseded.class);
            assertThat(databases.askTarget("select to_regnamespace('changeover')"))
                    .containsExactly("null");
        }
    }

    @Test
    void leadThatTheTargetHasForgottenIsTakenAgain(Databases databases) throws Exception {
        try (Tenure third = tenure(databases, 3, LEADS)) {
            third.begin();
            databases.onTarget("update changeover.leaders set epoch = 1, control_plane = 'restored from a backup'");

            Connections.open(third.source(), "changeover-test").close();

            assertThat(databases.askTarget("select epoch from changeover.leaders"))
                    .containsExactly("3");
        }
    }

    @Test
    void sessionThatAsksWhoLeadsMayBeLost(Databases databases) throws Exception {
        try (Tenure first = tenure(databases, 1, LEADS)) {
            first.begin();
            Connections.open(first.source(), "changeover-test").close();
            databases.askTarget("select pg_terminate_backend(pid) from pg_stat_activity where application_name like"
                    + " 'changeover-lead %' and datname = current_database()");

            Connections.open(first.source(), "changeover-test").close();

            assertThat(first.during("a request", () -> "sent")).isEqualTo("sent");
        }
    }

    @Test
    void successorWaitsForARequestThatIsUnderWay(Databases databases) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Tenure first = tenure(databases, 1, LEADS);
                Tenure second = tenure(databases, 2, LEADS)) {
            first.begin();
            Future<String> request = begin(threads, first, end);
            Future<?> successor = threads.submit(() -> {
                second.takeOver();
                return "took over";
            });
            await("the successor's wait").until(() -> isWaited(databases));
            assertThat(successor.isDone()).isFalse();

            end.countDown();

            assertThat(request.get(30, TimeUnit.SECONDS)).isEqualTo("sent");
            assertThat(successor.get(30, TimeUnit.SECONDS)).isEqualTo("took over");
        } finally {
            threads.shutdownNow();
        }
    }

    /** It has stopped with the ledger's row in hand. */
    @Test
    void successorDoesNotWaitForEver(Databases databases) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Tenure first = tenure(databases, 1, LEADS);
                Tenure second = new Tenure(
                        new Leader(2, "plane 2"),
                        STREAM,
                        databases.source(Servers.MIGRATOR),
                        databases.target(Servers.MIGRATOR),
                        LEADS,
                        Duration.ofMillis(100))) {
            first.begin();
            Future<String> request = begin(threads, first, end);

            second.takeOver();

            assertThat(databases.askTarget("select epoch from changeover.leaders"))
                    .containsExactly("2");
            end.countDown();
            assertThat(request.get(30, TimeUnit.SECONDS)).isEqualTo("sent");
            assertThatThrownBy(() -> first.during("another", () -> "sent")).isInstanceOf(Superseded.class);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns when the request is under way. */
    private static Future<String> begin(ExecutorService threads, Tenure tenure, CountDownLatch end)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Future<String> request = threads.submit(() -> tenure.during("a request", () -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "sent";
        }));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        return request;
    }

    private static boolean isWaited(Databases databases) throws SQLException {
        return !databases
                .askTarget("select pid from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'changeover-lead %.2' and wait_event_type = 'Lock'")
                .isEmpty();
    }

    private static Tenure tenure(Databases databases, long epoch, Standing standing) {
        return new Tenure(
                new Leader(epoch, "plane " + epoch),
                STREAM,
                databases.source(Servers.MIGRATOR),
                databases.target(Servers.MIGRATOR),
                standing);
    }

    private static String name(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                var rows = statement.executeQuery("select current_setting('application_name')")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
