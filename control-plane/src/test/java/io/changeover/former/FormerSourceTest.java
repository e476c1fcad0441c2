package io.changeover.former;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.SourceCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormerSourceTest {

    private static final SourceCounts LEFT =
            new SourceCounts(Instant.EPOCH, 7, 100, Map.of("public.t", 10L, "public.u", 5L));

    @Test
    void aSourceThatNobodyUsesHasNothingToSay() {
        assertThat(FormerSource.of(List.of(), LEFT, LEFT, false).warnings()).isEmpty();
    }

    @Test
    void rowsThatWereWrittenSinceAreCountedByTable() {
        SourceCounts now = new SourceCounts(
                Instant.EPOCH.plusSeconds(9), 7, 103, Map.of("public.t", 12L, "public.u", 5L, "public.new", 1L));

        FormerSource seen = FormerSource.of(List.of(), LEFT, now, false);

        assertThat(seen.rollbacks()).isEqualTo(3);
        assertThat(seen.problems())
                .singleElement()
                .asString()
                .contains("CO-2090", "2 rows of public.t", "1 rows of public.new", "1970-01-01T00:00:00Z")
                .doesNotContain("public.u");
        assertThat(FormerSource.of(List.of(), LEFT, now, true).problems()).isEmpty();
    }

    @Test
    void aTableThatWasTruncatedOrMadeIsTold() {
        SourceCounts now = new SourceCounts(Instant.EPOCH, 8, 100, LEFT.rows());

        assertThat(FormerSource.of(List.of(), LEFT, now, false).problems())
                .singleElement()
                .asString()
                .contains("CO-2090", "truncated");
    }

    @Test
    void statisticsThatWereResetAreNoProofThatNobodyWrote() {
        SourceCounts now = new SourceCounts(Instant.EPOCH, 7, 0, Map.of());

        FormerSource seen = FormerSource.of(List.of(), LEFT, now, false);

        assertThat(seen.rollbacks()).isZero();
        assertThat(seen.problems()).singleElement().asString().contains("CO-2091");
    }

    @Test
    void whoWritesIsNamedFirstAndNotAllAreNamed() {
        List<FormerClient> clients = List.of(
                client(1, FormerClient.Kind.CONNECTED),
                client(2, FormerClient.Kind.CONNECTED),
                client(3, FormerClient.Kind.CONNECTED),
                client(4, FormerClient.Kind.FAILED),
                client(5, FormerClient.Kind.WRITES),
                client(6, FormerClient.Kind.CONNECTED));

        assertThat(FormerSource.of(clients, LEFT, LEFT, false).warnings())
                .startsWith(
                        "still connected to the source: session 5 of app (billing) from 10.0.0.5, which WRITES",
                        "still connected to the source: session 4 of app (billing) from 10.0.0.5, in a transaction that"
                                + " has failed")
                .endsWith("still connected to the source: 1 more sessions")
                .hasSize(6);
    }

    private static FormerClient client(int session, FormerClient.Kind kind) {
        return new FormerClient(
                session,
                "app",
                Optional.of("billing"),
                Optional.of("10.0.0.5"),
                Optional.empty(),
                Optional.of("idle"),
                kind);
    }
}
