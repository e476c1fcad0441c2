package io.changeover.verify.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.verify.DatabasePair;
import io.changeover.verify.live.TableVerification.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** Rows are asked for while they change. */
@Timeout(60)
class RoundTest {

    private static final String WAITS =
            "select count(*) from pg_locks where not granted and relation = 'public.t'::regclass";

    private DatabasePair pair;
    private Sides sides;
    private TableTrack track;

    @BeforeEach
    void createTables() throws Exception {
        pair = DatabasePair.create();
        pair.onBoth(
                "create table public.t (id int primary key, v text); insert into public.t values (1, 'a'), (2, 'a')");
        sides = new Sides(pair.source(), pair.target());
        track = Checked.walks(sides).get(0).track();
        track.touched(new RowKey(List.of("1")), 0);
        track.touched(new RowKey(List.of("2")), 0);
    }

    @AfterEach
    void close() {
        sides.close();
    }

    /** The look at the target takes long: a lock is in its way, behind which the sink writes. */
    @Test
    void changesThatTheTargetHasAlreadyAreNoDifferences() throws Exception {
        try (Connection sink = Connections.open(pair.target(), "changeover-test");
                Statement statement = sink.createStatement()) {
            sink.setAutoCommit(false);
            CompletableFuture<Void> round = ask(new LockingMark(statement));
            await("the look at the target")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> DatabasePair.query(pair.target(), WAITS).equals("1"));
            String changes = "update public.t set v = 'b' where id = 1; delete from public.t where id = 2";
            DatabasePair.execute(pair.source(), changes);
            statement.execute(changes);
            sink.commit();
            round.get(30, TimeUnit.SECONDS);
        }

        assertThat(track.view().mismatches()).isEmpty();
    }

    @Test
    void rowsThatTheTargetDoesNotHaveAreDifferent() throws Exception {
        DatabasePair.execute(
                pair.target(), "update public.t set v = 'b' where id = 1; delete from public.t where id = 2");

        ask(new Checked.Still()).get(30, TimeUnit.SECONDS);

        assertThat(track.view().mismatches())
                .extracting(TableVerification.Mismatch::kind)
                .containsExactlyInAnyOrder(Kind.CONTENTS, Kind.MISSING);
    }

    private CompletableFuture<Void> ask(Marks marks) {
        return CompletableFuture.runAsync(() -> {
            try {
                new Round(sides, 10).ask(List.of(track), marks);
            } catch (SQLException | InterruptedException | Marks.NotPassed e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Locks the table of the target when everything is applied. */
    private record LockingMark(Statement statement) implements Marks {
        @Override
        public LogSequenceNumber pass(Duration patience) throws SQLException {
            statement.execute("lock table public.t in access exclusive mode");
            return LogSequenceNumber.INVALID_LSN;
        }

        @Override
        public void close() {}
    }
}
