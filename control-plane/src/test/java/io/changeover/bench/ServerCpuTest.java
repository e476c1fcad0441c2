package io.changeover.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.Connections;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ServerCpuTest {

    private static final long MILLI = 1_000_000;

    @Test
    void aNameWithBlanksAndParenthesesIsNoField() {
        String stat = "42 (post (gres) x) S 1 42 42 0 -1 4194560 9 9 9 9 70 30 5 2 20 0 1 0 100";

        assertThat(ServerCpu.own(stat)).isEqualTo(100);
        assertThat(ServerCpu.gone(stat)).isEqualTo(7);
    }

    @Test
    void theTimeOfASessionCountsWhileItRunsAndAfterwards() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(17).fsync(false).start()) {
            ServerCpu cpu = new ServerCpu(server.pid());
            long before = cpu.getAsLong();
            try (Connection connection = Connections.open(server.settings("postgres"), "changeover-bench");
                    Statement statement = connection.createStatement()) {
                statement.execute("select sum(sqrt(n)) from generate_series(1, 3000000) n");

                assertThat(cpu.getAsLong() - before).isGreaterThan(100 * MILLI);
            }

            // the server notices a moment later that the session has ended
            Awaitility.await()
                    .during(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> cpu.getAsLong() - before > 100 * MILLI);
        }
    }
}
