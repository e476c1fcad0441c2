package io.changeover.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.cutover.LargeObjects.Pass;
import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(StackExtension.class)
class LargeObjectsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int PIECE = LargeObjects.PIECE_BYTES;

    /** Empty, small, of one piece exactly, of several, with a hole, and with every byte. */
    private static final List<String> OBJECTS = List.of(
            "select lo_create(10)",
            "select lo_from_bytea(11, 'small')",
            "select lo_from_bytea(12, convert_to(repeat('x', " + PIECE + "), 'UTF8'))",
            "select lo_from_bytea(13, convert_to(repeat('y', " + (2 * PIECE + 17) + "), 'UTF8'))",
            "select lo_create(14)",
            "select lo_put(14, " + (PIECE + 5) + ", 'behind a hole')",
            "select lo_from_bytea(4294967295, decode('00ff01', 'hex'))");

    private static final String CONTENT = "select oid, octet_length(c), encode(sha256(c), 'hex') from"
            + " (select oid, lo_get(oid) as c from pg_largeobject_metadata) o order by oid::bigint";

    @Test
    void theTargetHasThemAllAndEveryChangeOfThem(Databases databases) throws Exception {
        make(databases);

        assertThat(pass(databases)).isEqualTo(new Pass(6, 6, 0, true));
        assertEqual(databases);
        assertThat(pass(databases)).isEqualTo(new Pass(6, 0, 0, true));

        databases.onSource(
                "select lo_put(13, " + (2 * PIECE + 3) + ", '!')",
                "select lo_truncate64(lo_open(12, 131072), " + (PIECE - 1) + ")",
                "select lo_put(11, 5, 'er')",
                "select lo_put(10, " + PIECE + ", 'far')",
                "select lo_unlink(14)",
                "select lo_from_bytea(15, 'new')");
        assertThat(pass(databases)).isEqualTo(new Pass(6, 5, 1, true));
        assertEqual(databases);
        databases.onSource("select lo_truncate64(lo_open(13, 131072), " + PIECE + ")", "select lo_unlink(10)");
        assertThat(pass(databases)).isEqualTo(new Pass(5, 1, 1, true));
        assertEqual(databases);
    }

    @Test
    void whatWasDamagedOnTheTargetIsRepaired(Databases databases) throws Exception {
        make(databases);
        pass(databases);
        databases.onTarget("select lo_put(12, 100, 'z')", "select lo_put(11, 90, 'z')", "select lo_unlink(14)");

        assertThatThrownBy(() -> assertEqual(databases)).isInstanceOf(AssertionError.class);
        databases.onTarget("delete from changeover.large_objects where oid = 14");
        assertThat(pass(databases)).isEqualTo(new Pass(6, 3, 0, true));
        assertEqual(databases);
    }

    @Test
    void aPassGoesOnWhereItsTimeWasOver(Databases databases) throws Exception {
        databases.onSource("select lo_from_bytea(n::oid, convert_to('object ' || n, 'UTF8'))"
                + " from generate_series(1000, 1999) n");
        int calls = 0;
        try (LargeObjects objects = open(databases)) {
            Pass pass = objects.run(Duration.ofNanos(1));
            for (calls = 1; !pass.isComplete(); calls++) {
                pass = objects.run(Duration.ofNanos(1));
            }
            assertThat(pass).isEqualTo(new Pass(1000, 1000, 0, true));
        }
        assertThat(calls).isGreaterThan(5);
        assertEqual(databases);
    }

    @Test
    void anObjectOfSomebodyElseIsNeverTouched(Databases databases) throws Exception {
        make(databases);
        databases.onTarget("select lo_from_bytea(12, 'other')", "select lo_from_bytea(99, 'other')");

        assertThatThrownBy(() -> pass(databases))
                .hasMessageContaining("CO-2070")
                .hasMessageContaining("12");
        assertThat(databases.askTarget("select convert_from(lo_get(12), 'UTF8')"))
                .containsExactly("other");
        databases.onTarget("select lo_unlink(12)");
        pass(databases);
        assertThat(databases.askTarget("select convert_from(lo_get(99), 'UTF8')"))
                .containsExactly("other");
    }

    private static void make(Databases databases) throws SQLException {
        databases.onSource(OBJECTS.toArray(String[]::new));
    }

    private static LargeObjects open(Databases databases) throws SQLException {
        return LargeObjects.open(databases.source(Servers.MIGRATOR), databases.target(Servers.MIGRATOR));
    }

    private static Pass pass(Databases databases) throws SQLException {
        try (LargeObjects objects = open(databases)) {
            return objects.run(LONG);
        }
    }

    private static void assertEqual(Databases databases) throws SQLException {
        assertThat(Databases.ask(databases.target(Servers.MIGRATOR), CONTENT))
                .isEqualTo(Databases.ask(databases.source(Servers.MIGRATOR), CONTENT));
    }
}
