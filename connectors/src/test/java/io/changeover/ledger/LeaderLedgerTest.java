package io.changeover.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.ledger.LeaderLedger.Leader;
import io.changeover.postgres.Connections;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaderLedgerTest {

    private static final String STREAM = "changeover.shop.shop";
    private static final Leader FIRST = new Leader(1_764_219_156_000L, "1@first");
    private static final Leader SECOND = new Leader(1_764_219_156_001L, "2@second");

    private LocalPostgres server;
    private Connection target;

    @BeforeAll
    void start() throws SQLException {
        server = LocalPostgres.builder(17).fsync(false).start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        target = Connections.open(server.settings("postgres"), "test");
        Ledger.create(target);
    }

    @AfterEach
    void clear() throws SQLException {
        try (Connection open = target;
                Statement statement = open.createStatement()) {
            statement.execute("drop schema if exists changeover cascade");
        }
    }

    @Test
    void nobodyLeadsWhatNobodyHasClaimed() throws SQLException {
        assertThat(LeaderLedger.read(target, STREAM)).isEmpty();
    }

    @Test
    void targetWithoutALedgerHasNoLeader() throws SQLException {
        assertThat(Ledger.drop(target, STREAM)).isTrue();

        assertThat(LeaderLedger.read(target, STREAM)).isEmpty();
        assertThatThrownBy(() -> LeaderLedger.hold(target, STREAM)).isInstanceOf(SQLException.class);
    }

    @Test
    void largerEpochWinsAndASmallerOneIsToldWhoLeads() throws SQLException {
        assertThat(LeaderLedger.claim(target, STREAM, FIRST)).isEqualTo(FIRST);
        assertThat(LeaderLedger.claim(target, STREAM, SECOND)).isEqualTo(SECOND);
        assertThat(LeaderLedger.claim(target, STREAM, FIRST)).isEqualTo(SECOND);
        assertThat(LeaderLedger.claim(target, STREAM, SECOND)).isEqualTo(SECOND);

        assertThat(LeaderLedger.read(target, STREAM)).contains(SECOND);
        assertThat(LeaderLedger.read(target, "changeover.shop.other")).isEmpty();
    }

    @Test
    void whoHoldsTheLeadIsWaitedForByWhoWantsIt() throws SQLException {
        LeaderLedger.claim(target, STREAM, FIRST);
        try (Connection holder = Connections.open(server.settings("postgres"), "test");
                Statement statement = target.createStatement()) {
            holder.setAutoCommit(false);
            assertThat(LeaderLedger.hold(holder, STREAM)).contains(FIRST);
            statement.execute("set lock_timeout = '50ms'");

            assertThatThrownBy(() -> LeaderLedger.claim(target, STREAM, SECOND))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
            assertThat(LeaderLedger.read(target, STREAM)).contains(FIRST);
            assertThat(LeaderLedger.hold(holder, STREAM)).contains(FIRST);
            holder.rollback();

            assertThat(LeaderLedger.claim(target, STREAM, SECOND)).isEqualTo(SECOND);
        }
    }

    @Test
    void whatIsOverHasNoLeaderAndOthersKeepTheirs() throws SQLException {
        LeaderLedger.claim(target, STREAM, FIRST);
        LeaderLedger.claim(target, "changeover.shop.other", SECOND);

        LeaderLedger.remove(target, STREAM);

        assertThat(LeaderLedger.read(target, STREAM)).isEmpty();
        assertThat(LeaderLedger.read(target, "changeover.shop.other")).contains(SECOND);
        assertThat(LeaderLedger.claim(target, STREAM, FIRST)).isEqualTo(FIRST);
    }
}
