package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.Operation.State;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OperationTest {

    private static final Instant START = Instant.parse("2026-11-27T02:00:00Z");
    private static final ServerSpec SERVER = new ServerSpec("h", 1, "u", "${env:P}", SslMode.DISABLE, Optional.empty());
    private static final DatabasePair PAIR = new DatabasePair("shop", "shop");
    private static final MigrationSpec SPEC = new MigrationSpec(
            "shop",
            SERVER,
            SERVER,
            List.of(PAIR),
            SchemaMode.COPY,
            RolesMode.LEAVE,
            ReplicaIdentityMode.KEEP,
            LoadSpec.DEFAULT,
            CutoverSpec.DEFAULT,
            Optional.empty());
    private static final TableName TABLE = new TableName("public", "t");

    private final List<Recorded> audit = new ArrayList<>();
    private DatabaseStatus status = inSync();

    @Test
    void pauseIsDoneWhenItIsPaused() {
        long id = asks("pause", found -> found.wishing(Wish.PAUSE));
        assertThat(operation(id).state()).isEqualTo(State.RUNNING);
        assertThat(operation(id).steps()).extracting(OperationStep::name).containsExactly("requested");

        itself(found -> found.because(Optional.of("Trying again to pause: Connect does not answer")));
        assertThat(operation(id).steps().get(0).detail()).contains("Connect does not answer");
        itself(found -> found.granted(Wish.PAUSE, now()));
        asks("resume", found -> found.wishing(Wish.RESUME));

        assertThat(operation(id).state()).isEqualTo(State.DONE);
        assertThat(operation(id).ended()).contains(START.plusSeconds(3));
        assertThat(operation(id).result()).contains("shop: PAUSED");
    }

    @Test
    void laterRequestReplacesOneThatIsNotDone() {
        long pause = asks("pause", found -> found.wishing(Wish.PAUSE));
        long resume = asks("resume", found -> found.wishing(Wish.RESUME));
        itself(found -> found.granted(Wish.RESUME, now()));

        assertThat(operation(pause).state()).isEqualTo(State.REPLACED);
        assertThat(operation(resume).state()).isEqualTo(State.DONE);
    }

    @Test
    void cutoverIsDoneWithTheSwitchAndShowsThePartsOfTheFreeze() {
        long id = asks("cutover", DatabaseStatus::withCutoverRequested);
        itself(found -> found.with(Step.IN_SYNC));
        itself(found -> found.moved(DatabaseState.CUTTING_OVER, now()));
        assertThat(operation(id).state()).isEqualTo(State.RUNNING);
        assertThat(operation(id).steps()).extracting(OperationStep::name).containsExactly("requested", "CUTTING_OVER");
        assertThat(operation(id).steps().get(0).detail()).isEqualTo("IN_SYNC");
        CutoverResult result = new CutoverResult(
                50, "0/1", 1, 0, List.of(new CutoverResult.Phase("fence", 20), new CutoverResult.Phase("drain", 30)));
        itself(found -> found.with(Step.CUTOVER).withCutover(result).moved(DatabaseState.COMPLETED, now()));

        Operation done = operation(id).withCutover(migration(status));
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.steps())
                .extracting(OperationStep::name)
                .containsExactly("requested", "CUTTING_OVER", "fence", "drain");
        assertThat(done.steps().get(3).startedAt())
                .isEqualTo(done.steps().get(1).startedAt().plusMillis(20));
        assertThat(done.steps().get(3).duration()).contains(Duration.ofMillis(30));
    }

    @Test
    void cutoverThatIsGivenUpHasFailedWithTheReason() {
        long id = asks("cutover", DatabaseStatus::withCutoverRequested);
        itself(found -> found.with(Step.IN_SYNC).moved(DatabaseState.CUTTING_OVER, now()));
        itself(found -> found.cutoverGivenUp("a session does not end", now()));

        assertThat(operation(id).state()).isEqualTo(State.FAILED);
        assertThat(operation(id).result()).contains("shop: a session does not end");
    }

    @Test
    void rollbackThatSomebodyAbortsIsReplacedAndTheNextOneIsDone() {
        itself(found -> found.withFallbackBegun()
                .withFallbackArmed("marker")
                .withFallback(Fallback.Phase.FOLLOWING)
                .with(Step.CUTOVER)
                .moved(DatabaseState.COMPLETED, now()));
        long first = asks("rollback", DatabaseStatus::withRollbackRequested);
        itself(found -> found.moved(DatabaseState.ROLLING_BACK, now()));
        long abort = asks("abort", found -> found.aborted("ann"));
        assertThat(operation(first).state()).isEqualTo(State.REPLACED);
        assertThat(operation(abort).state()).isEqualTo(State.RUNNING);
        itself(found -> found.because(Optional.of("Trying again: the old source does not answer")));
        assertThat(operation(abort).state()).isEqualTo(State.RUNNING);
        itself(found -> found.rollbackGivenUp("Aborted by ann", now()));
        assertThat(operation(abort).state()).isEqualTo(State.DONE);
        assertThat(operation(abort).result()).contains("shop: COMPLETED: Aborted by ann");

        long second = asks("rollback", DatabaseStatus::withRollbackRequested);
        itself(found -> found.moved(DatabaseState.ROLLING_BACK, now()));
        itself(found -> found.rolledBack(new CutoverResult(1, "0/9", 0, 0, List.of()), now()));
        assertThat(operation(second).state()).as("both are read-only").isEqualTo(State.RUNNING);
        itself(found -> found.withFallback(Fallback.Phase.OPEN));
        assertThat(operation(second).state()).isEqualTo(State.DONE);
        assertThat(operation(second).result()).contains("shop: ROLLED_BACK");
    }

    @Test
    void abortIsDoneWhenTheCutoverIsUndoneAndNotBefore() {
        asks("cutover", DatabaseStatus::withCutoverRequested);
        itself(found -> found.with(Step.IN_SYNC).moved(DatabaseState.CUTTING_OVER, now()));
        long abort = asks("abort", found -> found.aborted("ann"));
        assertThat(operation(abort).state()).isEqualTo(State.RUNNING);
        itself(found -> found.because(Optional.of("Trying again: the target does not answer")));
        assertThat(operation(abort).state()).isEqualTo(State.RUNNING);
        assertThat(operation(abort).steps())
                .extracting(OperationStep::detail)
                .containsExactly("Trying again: the" + " target does not answer");

        itself(found -> found.cutoverGivenUp("Aborted by ann; the source is writable", now()));

        assertThat(operation(abort).state()).isEqualTo(State.DONE);
        assertThat(operation(abort).result()).contains("shop: CATCHING_UP: Aborted by ann; the source is writable");
    }

    @Test
    void abortHasFailedIfThePairFailsBeforeTheCutoverIsUndone() {
        asks("cutover", DatabaseStatus::withCutoverRequested);
        itself(found -> found.with(Step.IN_SYNC).moved(DatabaseState.CUTTING_OVER, now()));
        long abort = asks("abort", found -> found.aborted("ann"));

        itself(found -> found.failed("the source is another server", now()));

        assertThat(operation(abort).state()).isEqualTo(State.FAILED);
        assertThat(operation(abort).result()).contains("shop: the source is another server");
    }

    @Test
    void abortOfWhatHasNotBegunIsDoneAtOnce() {
        asks("cutover", DatabaseStatus::withCutoverRequested);
        long abort = asks("abort", found -> found.aborted("ann"));

        assertThat(operation(abort).state()).isEqualTo(State.DONE);
        assertThat(operation(abort).result()).contains("shop: withdrawn, nothing had begun");
    }

    @Test
    void reloadIsDoneWhenTheStreamHasCaughtUp() {
        long id = asks("reload public.t", found -> found.withReload(List.of(TABLE)));
        itself(found -> found.reloading(TABLE, now()));
        itself(found -> found.with(Step.LOAD));
        itself(found -> found.moved(DatabaseState.CATCHING_UP, now()));
        assertThat(operation(id).state()).isEqualTo(State.RUNNING);
        assertThat(operation(id).steps())
                .extracting(OperationStep::name)
                .containsExactly("requested", "FULL_LOAD", "CATCHING_UP");
        itself(found -> found.with(Step.APPLY));

        assertThat(operation(id).state()).isEqualTo(State.DONE);
    }

    @Test
    void pairThatFailsFailsWhatIsUnderWay() {
        long id = asks("reload public.t", found -> found.withReload(List.of(TABLE)));
        itself(found -> found.failed("there is no such table any more", now()));

        assertThat(operation(id).state()).isEqualTo(State.FAILED);
        assertThat(operation(id).result()).contains("shop: there is no such table any more");
    }

    @Test
    void whatTheMigrationDoesByItselfIsNoOperation() {
        itself(found -> found.because(Optional.of("waits")));

        assertThat(Operation.of(0, audit)).isEmpty();
        assertThat(Operation.of(7, audit)).isEmpty();
    }

    private Operation operation(long id) {
        return Operation.of(id, audit).orElseThrow();
    }

    private long asks(String what, UnaryOperator<DatabaseStatus> change) {
        return record(new Cause("operator", what), change);
    }

    private void itself(UnaryOperator<DatabaseStatus> change) {
        record(Cause.ITSELF, change);
    }

    private long record(Cause cause, UnaryOperator<DatabaseStatus> change) {
        DatabaseStatus after = change.apply(status);
        List<Change> changes = Change.between(migration(status), migration(after));
        assertThat(changes).isNotEmpty();
        long offset = audit.size() * 2L;
        audit.add(new Recorded(offset, new AuditEntry(now(), "shop", cause.who(), cause.what(), changes)));
        status = after;
        return offset;
    }

    private Instant now() {
        return START.plusSeconds(audit.size() + 1L);
    }

    private static Optional<Migration> migration(DatabaseStatus status) {
        return Optional.of(new Migration(SPEC, List.of(status)));
    }

    private static DatabaseStatus inSync() {
        DatabaseStatus status = DatabaseStatus.created(PAIR, START);
        for (Step step : Arrays.asList(Step.values()).subList(0, Step.IN_SYNC.ordinal())) {
            status = status.with(step);
        }
        return status.moved(DatabaseState.READY_TO_CUTOVER, START);
    }
}
