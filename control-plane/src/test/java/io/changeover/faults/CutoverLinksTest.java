package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.SchemaMode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links that fail in the freeze: the cutover is given up and the source is written to, or it is made and is whole. */
@Timeout(300)
@ExtendWith(StackExtension.class)
class CutoverLinksTest {

    private static final Duration FREEZE = Duration.ofSeconds(4);
    private static final String FENCE = "changeover-fence";

    @Test
    void theSourceIsWritableAgainByItself(SharedStack stack, Databases databases) throws Exception {
        CutoverSpec spec = new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(20)).withMaxFreeze(FREEZE);
        try (FaultyMigration migration = FaultyMigration.begin(
                databases, stack.api(), stack.spec(databases, SchemaMode.COPY).withCutover(spec))) {
            fenceThatIsLostIsNoticed(migration);
            sourceThatIsNotReachedAnyMoreLetsGoOfTheFence(migration);
            targetThatIsGoneDoesNotKeepTheSourceReadOnly(migration);
            takeOverWhoseAnswerIsLostIsUndone(migration);
            snapshotsThatAreLostDoNotHoldUpTheComparison(migration);

            migration.complete();
        }
    }

    /**
     * Its session ends, as an administrator or a firewall ends one, and an application writes before all is lasting.
     */
    private static void fenceThatIsLostIsNoticed(FaultyMigration migration) throws Exception {
        migration.target().at(Moment.request("setval"), Link.EVERYBODY, () -> {
            migration.endSourceSessions(FENCE);
            migration.awaitWrites(Duration.ofSeconds(10));
        });

        migration.cutOver();

        assertThat(migration.awaitOutcome()).isIn("CATCHING_UP", "READY_TO_CUTOVER");
        assertThat(migration.reason()).contains("fence");
    }

    /** Nobody answers and nobody is told, as when a host or a firewall is gone. */
    private static void sourceThatIsNotReachedAnyMoreLetsGoOfTheFence(FaultyMigration migration) {
        Link source = migration.source();
        CompletableFuture<Void> swallowed =
                migration.target().at(Moment.request("setval"), Link.EVERYBODY, () -> source.is(Trouble.SWALLOWED));

        migration.cutOver();

        migration.awaitMoment(swallowed);
        migration.awaitWrites(FREEZE.plusSeconds(20));
        source.mend();
        assertThat(migration.awaitOutcome()).isIn("CATCHING_UP", "READY_TO_CUTOVER");
    }

    private static void targetThatIsGoneDoesNotKeepTheSourceReadOnly(FaultyMigration migration) {
        Link target = migration.target();
        CompletableFuture<Void> cut = migration
                .source()
                .at(Moment.request("pg_terminate_backend"), Link.of(FENCE), () -> target.is(Trouble.CUT));

        migration.cutOver();

        migration.awaitMoment(cut);
        migration.awaitWrites(FREEZE.plusSeconds(20));
        target.mend();
        assertThat(migration.awaitOutcome()).isIn("CATCHING_UP", "READY_TO_CUTOVER");
    }

    private static void takeOverWhoseAnswerIsLostIsUndone(FaultyMigration migration) {
        Link target = migration.target();
        CompletableFuture<Void> cut = migration
                .target()
                .at(Moment.answer("COMMIT\0"), Link.of("changeover-marker"), () -> target.is(Trouble.CUT));

        migration.cutOver();

        migration.awaitMoment(cut);
        migration.awaitWrites(FREEZE.plusSeconds(20));
        target.mend();
        assertThat(migration.awaitOutcome()).isIn("CATCHING_UP", "READY_TO_CUTOVER");
    }

    /** As a firewall ends a session that has been silent during a long comparison. */
    private static void snapshotsThatAreLostDoNotHoldUpTheComparison(FaultyMigration migration) {
        CompletableFuture<Void> lost = migration
                .source()
                .at(
                        Moment.request("c.relispopulated,"),
                        Link.of("changeover-verify"),
                        () -> migration.endSourceSessions("changeover-verify"));

        migration.cutOver();

        assertThat(migration.awaitOutcome()).isEqualTo("COMPLETED");
        assertThat(lost).succeedsWithin(Duration.ofSeconds(60));
    }
}
