package io.changeover.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.TableCounts;
import io.changeover.former.FormerClient;
import io.changeover.former.FormerSource;
import io.changeover.lag.Cause;
import io.changeover.lag.Flow;
import io.changeover.lag.Horizon;
import io.changeover.lag.IndexProgress;
import io.changeover.lag.LoadSpeed;
import io.changeover.lag.Pending;
import io.changeover.lag.Progress;
import io.changeover.lag.Signs;
import io.changeover.lag.Slot;
import io.changeover.lag.TableProgress;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.postgres.TableName;
import io.changeover.spec.DatabasePair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class ScrapesTest {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final LogSequenceNumber LSN = LogSequenceNumber.valueOf(100);
    private static final DatabaseStatus STATUS = DatabaseStatus.created(new DatabasePair("shop", "shop"), NOW)
            .moved(DatabaseState.CATCHING_UP, NOW)
            .withFallbackBegun();

    private final AtomicReference<List<PairSample>> known = new AtomicReference<>(List.of());

    @Test
    void everyMetricIsGivenForAPairThatIsUnderWay() {
        known.set(List.of(sample("m", table("t", 40), table("a\"b\\c\nd", 2))));

        try (Scrapes scrapes = new Scrapes(known::get, () -> true, () -> NOW)) {
            String pairs = scrapes.pairs(TEXT);
            assertThat(pairs)
                    .contains("changeover_leads 1.0\n")
                    .contains("changeover_state{database=\"shop\",migration=\"m\",state=\"CATCHING_UP\"} 1.0\n")
                    .contains("changeover_state{database=\"shop\",migration=\"m\",state=\"FAILED\"} 0.0\n")
                    .contains("changeover_pending_changes{database=\"shop\",migration=\"m\"} 42.0\n")
                    .contains("changeover_pending_bytes{database=\"shop\",migration=\"m\"} 1000.0\n")
                    .contains("changeover_apply_lag_seconds{database=\"shop\",migration=\"m\"} 2.5\n")
                    .contains("changeover_catch_up_seconds{database=\"shop\",migration=\"m\"} 7.0\n")
                    .contains("changeover_applied_total{database=\"shop\",migration=\"m\",op=\"update\"} 10.0\n")
                    .contains("changeover_held_back{cause=\"lock_wait\",database=\"shop\",migration=\"m\"} 1.0\n")
                    .contains("changeover_connector_failed{connector=\"c\",database=\"shop\",migration=\"m\"} 1.0\n")
                    .contains("changeover_look_age_seconds{database=\"shop\",migration=\"m\"} 3.0\n")
                    .contains("changeover_verification_tables{database=\"shop\",migration=\"m\","
                            + "verification_state=\"verified\"} 3.0\n")
                    .contains("changeover_verification_mismatches{database=\"shop\",migration=\"m\"} 2.0\n")
                    .contains("changeover_verification_last_timestamp_seconds{database=\"shop\",migration=\"m\"} "
                            + (double) NOW.getEpochSecond() + "\n")
                    .contains("jvm_memory_used_bytes")
                    .doesNotContain("changeover_table_");
            assertThat(scrapes.tables(TEXT))
                    .contains("changeover_table_pending_changes"
                            + "{database=\"shop\",migration=\"m\",table=\"s.t\"} 40.0\n")
                    .contains("table=\"s.a\\\"b\\\\c\\nd\"} 2.0\n");
            for (Metric metric : Metric.values()) {
                boolean after = metric == Metric.CUTOVER_FREEZE_SECONDS || metric == Metric.COMPARISON_DIFFERENCES;
                String text = metric.ofTables() ? scrapes.tables(TEXT) : pairs;
                assertThat(Pattern.compile("(?m)^" + metric.metricName() + "[ {]")
                                .matcher(text)
                                .find())
                        .as(metric.metricName())
                        .isNotEqualTo(after);
            }
        }
    }

    @Test
    void whatIsForgottenIsGoneFromTheNextScrape() {
        try (Scrapes scrapes = new Scrapes(known::get, () -> false, () -> NOW)) {
            known.set(List.of(sample("one", table("t", 1)), sample("two", table("t", 2))));
            assertThat(scrapes.pairs(TEXT)).contains("migration=\"one\"").contains("migration=\"two\"");
            known.set(List.of(sample("two", table("t", 2))));
            assertThat(scrapes.pairs(TEXT))
                    .doesNotContain("migration=\"one\"")
                    .contains("migration=\"two\"")
                    .contains("changeover_leads 0.0\n");
            known.set(List.of());
            assertThat(scrapes.tables(TEXT)).isEmpty();
        }
    }

    private static PairSample sample(String migration, TableProgress... tables) {
        Pending pending = new Pending(
                42, 5, 1000, 77, LSN, LSN, LSN, LSN, 2500, new Flow(10, 20, Optional.of(Duration.ofSeconds(7))));
        Progress progress = new Progress(
                NOW.minusSeconds(3),
                List.of(tables),
                new LoadSpeed(5, 6, Optional.of(Duration.ofSeconds(8))),
                Horizon.NONE,
                IndexProgress.NONE,
                12,
                Optional.of(pending),
                Optional.of(new Slot("slot", true, LSN, 9, Optional.of("reserved"), Optional.of(10L))),
                Signs.NONE,
                List.of("a warning"),
                List.of());
        return new PairSample(
                migration,
                STATUS,
                progress,
                List.of(new ConnectorLook("c", "FAILED", 1, 0, Optional.of("why"))),
                List.of(new Cause(Cause.Kind.LOCK_WAIT, "waits")),
                false,
                progress,
                List.of(),
                true,
                new VerificationSample(Map.of("verified", 3L, "different", 1L), 70, 2, 5, Optional.of(NOW), true),
                Optional.of(FORMER));
    }

    private static final FormerSource FORMER = new FormerSource(
            NOW,
            List.of(new FormerClient(
                    7,
                    "app",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    FormerClient.Kind.WRITES)),
            0,
            List.of("a problem"),
            Optional.empty());

    private static TableProgress table(String name, long pending) {
        TableName table = new TableName("s", name);
        return new TableProgress(
                table,
                TableProgress.LoadState.LOADED,
                3,
                3,
                30,
                0,
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                new TableCounts(table, 1, 5, 2, 0),
                pending);
    }
}
