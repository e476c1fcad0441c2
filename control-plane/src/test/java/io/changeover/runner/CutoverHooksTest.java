package io.changeover.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.cutover.Course;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.hook.HookScope;
import io.changeover.hook.Hooks;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.HookRun;
import io.changeover.migration.Names;
import io.changeover.migration.Readiness;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.HookDirection;
import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which hooks are run when, and how often. */
@Timeout(60)
class CutoverHooksTest {

    private static final DatabasePair PAIR = new DatabasePair("shop", "store");
    private static final Course.Time LONG = new Course.Time(Duration.ofSeconds(50), Optional::empty);

    @TempDir
    private Path directory;

    private final List<HookSpec> specs = new ArrayList<>();
    private final Remembered led = new Remembered();
    private Path note = Path.of("");

    @BeforeEach
    void makeScript() throws IOException {
        note = script(
                "note",
                "echo \"$CHANGEOVER_PHASE $CHANGEOVER_STEP $CHANGEOVER_REPEATED $CHANGEOVER_REASON\" >> "
                        + directory.resolve("notes"));
        led.status =
                DatabaseStatus.created(PAIR, Instant.EPOCH).moved(DatabaseState.CUTTING_OVER, Instant.ofEpochSecond(7));
    }

    @Test
    void whatIsAfterAStepComesBeforeWhatIsBeforeTheNext() throws Exception {
        hook("c", HookMoment.BEFORE, HookStep.DRAIN, note);
        hook("b", HookMoment.AFTER, HookStep.FENCE, note);
        hook("a", HookMoment.BEFORE, HookStep.FENCE, note);
        CutoverHooks hooks = hooks();

        for (String step : List.of("marker, before the fence", "fence", "something between", "drain", "foreign keys")) {
            hooks.entering(step, LONG);
        }

        assertThat(notes()).containsExactly("before fence false ", "after fence false ", "before drain false ");
        assertThat(led.status.hooks()).extracting(HookRun::state).containsOnly(HookRun.State.DONE);
        assertThat(led.status.hooks()).extracting(HookRun::operation).containsOnly(Optional.of(118L));
    }

    @Test
    void aVetoNamesTheHookAndWhatItSaid() throws Exception {
        hook("pause", HookMoment.BEFORE, HookStep.FENCE, script("veto", "echo PgBouncer is not there; exit 3"));

        assertThatThrownBy(() -> hooks().entering("fence", LONG))
                .isInstanceOf(CutoverGivenUp.class)
                .hasMessageContainingAll("before fence: pause", "exit code 3", "PgBouncer is not there");
    }

    @Test
    void aHookThatMayOnlyWarnKeepsNothingFromHappening() throws Exception {
        specs.add(HookSpec.command(
                "tell",
                HookMoment.BEFORE,
                HookStep.FENCE,
                List.of(script("fails", "exit 3").toString()),
                HookSpec.TIMEOUT,
                HookFailure.WARN));

        hooks().entering("fence", LONG);

        assertThat(led.status.hooks()).extracting(HookRun::state).containsExactly(HookRun.State.FAILED);
    }

    @Test
    void aHookHasNoMoreTimeThanTheFreeze() throws Exception {
        hook("slow", HookMoment.BEFORE, HookStep.DRAIN, script("slow", "sleep 1000"));

        assertThatThrownBy(() -> hooks().entering("drain", new Course.Time(Duration.ofMillis(200), Optional::empty)))
                .isInstanceOf(CutoverGivenUp.class)
                .hasMessageContaining("200 ms");
    }

    @Test
    void afterTheDecisionEachIsRunOnceEvenIfItIsAskedForAgain() throws Exception {
        hook("tell", HookMoment.AFTER, HookStep.COMPLETED, note);
        hook("fails", HookMoment.AFTER, HookStep.COMPLETED, script("fails", "exit 3"));

        hooks().completed();
        hooks().completed();

        assertThat(notes()).containsExactly("after completed false ");
        assertThat(led.status.hooks()).hasSize(2);
    }

    @Test
    void oneInTheMiddleOfWhichTheProcessDiedIsRunAgainAndToldSo() throws Exception {
        hook("tell", HookMoment.AFTER, HookStep.COMPLETED, note);
        hooks().completed();
        led.change(status -> status.with(status.hooks().get(0).ended(HookRun.State.RUNNING, "", "", 0)));

        hooks().completed();

        assertThat(notes()).containsExactly("after completed false ", "after completed true ");
    }

    @Test
    void theNextAttemptHasItsOwnAndTheOneThatDiedIsInterrupted() throws Exception {
        hook("resume", HookMoment.AFTER, HookStep.GIVEN_UP, note);
        hook("pause", HookMoment.BEFORE, HookStep.FENCE, note);
        hooks().entering("fence", LONG);
        led.change(status -> status.with(status.hooks().get(0).ended(HookRun.State.RUNNING, "", "", 0)));

        hooks().givenUp("It was interrupted");
        led.change(status -> status.cutoverGivenUp("", Instant.ofEpochSecond(8))
                .moved(DatabaseState.CUTTING_OVER, Instant.ofEpochSecond(9)));
        hooks().entering("fence", LONG);
        hooks().givenUp("too late");

        assertThat(notes())
                .containsExactly(
                        "before fence false ",
                        "after given-up false It was interrupted",
                        "before fence false ",
                        "after given-up false too late");
        assertThat(led.status.hooks())
                .extracting(HookRun::state)
                .containsExactlyInAnyOrder(
                        HookRun.State.INTERRUPTED, HookRun.State.DONE, HookRun.State.DONE, HookRun.State.DONE);
    }

    @Test
    void aRollbackTellsWhereApplicationsGoToNowAndHasItsOwnAttempts() throws Exception {
        Path where = script(
                "where",
                "echo \"$CHANGEOVER_DIRECTION $CHANGEOVER_PHASE $CHANGEOVER_STEP $CHANGEOVER_DATABASE"
                        + " to $CHANGEOVER_TARGET_DATABASE:$CHANGEOVER_TARGET_PORT"
                        + " write to $CHANGEOVER_WRITABLE_DATABASE:$CHANGEOVER_WRITABLE_PORT\" >> "
                        + directory.resolve("notes"));
        hook("where", HookMoment.BEFORE, HookStep.FENCE, where);
        hook("where-then", HookMoment.AFTER, HookStep.COMPLETED, where);
        CutoverHooks hooks = hooks();
        hooks.entering("fence", LONG);
        hooks.completed();
        led.change(status -> status.moved(DatabaseState.ROLLING_BACK, Instant.ofEpochSecond(9)));
        CutoverHooks back = hooks(HookDirection.ROLLBACK);

        back.entering("fence", LONG);
        back.completed();
        back.completed();

        assertThat(notes())
                .containsExactly(
                        "cutover before fence shop to store:5433 write to shop:5432",
                        "cutover after completed shop to store:5433 write to store:5433",
                        "rollback before fence shop to shop:5432 write to store:5433",
                        "rollback after completed shop to shop:5432 write to shop:5432");
        assertThat(led.status.hooks())
                .extracting(HookRun::title)
                .containsExactly(
                        "before fence: where",
                        "after completed: where-then",
                        "rollback, before fence: where",
                        "rollback, after completed: where-then");
        assertThat(led.status.hooks())
                .extracting(run -> run.attempt().getEpochSecond())
                .containsExactly(7L, 7L, 9L, 9L);
    }

    @Test
    void aHookOfOneDirectionIsNotRunInTheOther() throws Exception {
        hook("tell", HookMoment.AFTER, HookStep.COMPLETED, note);
        HookSpec both = specs.remove(0);
        specs.add(new HookSpec(
                both.name(),
                both.at(),
                both.step(),
                both.command(),
                both.url(),
                both.headers(),
                both.timeout(),
                both.onFailure(),
                Optional.of(HookDirection.ROLLBACK)));

        hooks().completed();
        assertThat(led.status.hooks()).isEmpty();
        hooks(HookDirection.ROLLBACK).completed();

        assertThat(notes()).hasSize(1);
    }

    @Test
    void aVetoKeepsARollbackFromGoingOnAndOneThatDiedIsInterrupted() throws Exception {
        hook("pause", HookMoment.BEFORE, HookStep.FENCE, script("veto", "exit 3"));
        hook("resume", HookMoment.AFTER, HookStep.GIVEN_UP, note);
        led.change(status -> status.moved(DatabaseState.ROLLING_BACK, Instant.ofEpochSecond(9)));
        CutoverHooks back = hooks(HookDirection.ROLLBACK);

        assertThatThrownBy(() -> back.entering("fence", LONG))
                .isInstanceOf(CutoverGivenUp.class)
                .hasMessageContaining("CO-2095: the hook rollback, before fence: pause keeps the rollback from");
        led.change(status -> status.with(status.hooks().get(0).ended(HookRun.State.RUNNING, "", "", 0)));
        back.givenUp("It was interrupted");

        assertThat(notes()).containsExactly("after given-up false It was interrupted");
        assertThat(led.status.hooks())
                .extracting(HookRun::state)
                .containsExactlyInAnyOrder(HookRun.State.INTERRUPTED, HookRun.State.DONE);
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(directory.resolve("notes"));
    }

    private Path script(String name, String text) throws IOException {
        Path program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private void hook(String name, HookMoment at, HookStep step, Path program) {
        HookFailure onFailure = step.isDecided(at) ? HookFailure.WARN : HookFailure.VETO;
        specs.add(HookSpec.command(name, at, step, List.of(program.toString()), HookSpec.TIMEOUT, onFailure));
    }

    private CutoverHooks hooks() {
        return hooks(HookDirection.CUTOVER);
    }

    private CutoverHooks hooks(HookDirection direction) {
        ServerSpec server = new ServerSpec("127.0.0.1", 5432, "co", "${env:P}", SslMode.DISABLE, Optional.empty());
        ServerSpec other = new ServerSpec("127.0.0.1", 5433, "co", "${env:P}", SslMode.DISABLE, Optional.empty());
        Secrets secrets = new Secrets(Map.of("P", "s3cret"));
        ServerSettings source = secrets.resolve(server, "shop");
        ServerSettings target = secrets.resolve(other, "store");
        MigrationSpec spec = new MigrationSpec(
                "m",
                server,
                other,
                List.of(PAIR),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                CutoverSpec.DEFAULT,
                Optional.empty());
        Pair pair = new Pair(spec, PAIR, new Names("m", "shop"), source, target, directory);
        return new CutoverHooks(
                direction == HookDirection.ROLLBACK ? pair.back() : pair,
                direction,
                led,
                () -> specs,
                () -> Optional.of(118L),
                new Hooks(HookScope.of(List.of(directory), List.of()), new Secrets(Map.of())),
                Clock.systemUTC());
    }

    /** Remembers, and sees nothing. */
    private static final class Remembered implements Led {

        private DatabaseStatus status = DatabaseStatus.created(PAIR, Instant.EPOCH);

        @Override
        public DatabaseStatus status() {
            return status;
        }

        @Override
        public CutoverSpec cutoverSpec() {
            return CutoverSpec.DEFAULT;
        }

        @Override
        public void change(UnaryOperator<DatabaseStatus> change) {
            status = change.apply(status);
        }

        @Override
        public Optional<String> slotLost() {
            return Optional.empty();
        }

        @Override
        public Readiness readiness(DatabaseState state) {
            return new Readiness(state, true, Optional.of(Duration.ZERO), List.of());
        }

        @Override
        public List<String> blockers() {
            return List.of();
        }

        @Override
        public List<Evidence.Gate> gates() {
            return List.of();
        }

        @Override
        public boolean areArmed(List<String> databases) {
            return true;
        }

        @Override
        public void loadBegins() {}

        @Override
        public void connectorsRun(boolean running) {}

        @Override
        public void problems(List<String> found) {}

        @Override
        public boolean fallbackWanted() {
            return false;
        }

        @Override
        public void backBegins() {}

        @Override
        public void backRuns(boolean running) {}

        @Override
        public void backProblems(List<String> found) {}

        @Override
        public List<Evidence.Gate> backGates() {
            return List.of();
        }

        @Override
        public List<String> backBlockers() {
            return List.of();
        }

        @Override
        public boolean pause(Duration time) {
            return false;
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }
}
