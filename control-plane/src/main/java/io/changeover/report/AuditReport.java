package io.changeover.report;

import io.changeover.migration.AuditEntry;
import io.changeover.migration.Change;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Fallback;
import io.changeover.migration.HookRun;
import io.changeover.migration.Migration;
import io.changeover.migration.Step;
import io.changeover.migration.Transition;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.Way;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ServerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of a migration, for an auditor: a function of what is stored, so that it is the same whenever it is asked
 * for, until something else happens.
 *
 * @param schemaVersion of the JSON form; a field that changes its meaning makes it another one
 * @param program the version that wrote it
 * @param asOf when the last thing happened that it tells of
 * @param equal whether every database is completed, or was rolled back, and is equal on both sides
 * @param specification what was asked for, with references in the place of passwords
 * @param history every change of what is remembered, by whom and when
 */
public record AuditReport(
        int schemaVersion,
        String program,
        Optional<Instant> asOf,
        String migration,
        boolean equal,
        MigrationSpec specification,
        List<Database> databases,
        List<AuditEntry> history) {

    /** Of the JSON form. */
    public static final int SCHEMA_VERSION = 1;

    public AuditReport {
        databases = List.copyOf(databases);
        history = List.copyOf(history);
    }

    /**
     * A pair.
     *
     * @param loadedLsn a WAL position of the source after the last table was loaded
     * @param finished whether everything that was made for the migration is gone
     * @param fallback the way back, if there is one; its source is the target
     * @param hooks that were run, the oldest first
     * @param verification what the verification found while changes flowed, as it is stored
     * @param verificationBack the same of the way back
     */
    public record Database(
            String source,
            String target,
            DatabaseState state,
            Optional<String> reason,
            List<Stay> timeline,
            List<Done> steps,
            Evidence evidence,
            Optional<String> loadedLsn,
            Optional<CutoverResult> cutover,
            Optional<ComparisonResult> comparison,
            boolean finished,
            Optional<Fallback> fallback,
            List<HookRun> hooks,
            Optional<Verified> verification,
            Optional<Verified> verificationBack) {

        public Database {
            timeline = List.copyOf(timeline);
            steps = List.copyOf(steps);
            hooks = List.copyOf(hooks);
        }
    }

    /** A state that a pair was in; without a length while it is in it. */
    public record Stay(DatabaseState state, Instant at, Optional<Long> millis) {}

    /** A step that was recorded as done. */
    public record Done(String step, Instant at) {}

    /** What was verified of a pair. */
    @FunctionalInterface
    public interface Verifications {
        VerificationResult of(DatabaseStatus status, Way way);
    }

    /**
     * The report of a migration.
     *
     * @param history the migration's entries of the audit, the oldest first
     * @param verified what is stored of the verifications
     */
    public static AuditReport of(
            String program, Migration migration, List<AuditEntry> history, Verifications verified) {
        return new AuditReport(
                SCHEMA_VERSION,
                program,
                history.stream().map(AuditEntry::at).reduce((one, later) -> later),
                migration.name(),
                migration.databases().stream().allMatch(AuditReport::isEqual),
                withoutSecrets(migration.spec()),
                migration.databases().stream()
                        .map(status -> database(status, history, verified))
                        .toList(),
                history);
    }

    private static boolean isEqual(DatabaseStatus status) {
        Optional<ComparisonResult> last = status.state() == DatabaseState.ROLLED_BACK
                ? status.fallback().flatMap(Fallback::comparison)
                : status.comparison().filter(compared -> status.state() == DatabaseState.COMPLETED);
        return last.filter(ComparisonResult::equal).isPresent();
    }

    /** What is stored has no literal passwords; if it ever had, they would not leave it here. */
    private static MigrationSpec withoutSecrets(MigrationSpec spec) {
        return spec.withServers(hidden(spec.source()), hidden(spec.target()));
    }

    private static ServerSpec hidden(ServerSpec server) {
        return server.passwordIsLiteral() ? server.withPassword("(hidden)") : server;
    }

    private static Database database(DatabaseStatus status, List<AuditEntry> history, Verifications verified) {
        return new Database(
                status.pair().source(),
                status.pair().target(),
                status.state(),
                status.reason(),
                stays(status.timeline()),
                done(status, history),
                status.evidence(),
                status.loadedLsn(),
                status.cutover(),
                status.comparison(),
                status.finished().orElse(false),
                status.fallback(),
                status.hooks(),
                Verified.of(verified.of(status, Way.THERE)),
                Verified.of(verified.of(status, Way.BACK)));
    }

    private static List<Stay> stays(List<Transition> timeline) {
        List<Stay> stays = new ArrayList<>();
        for (int i = 0; i < timeline.size(); i++) {
            Transition entered = timeline.get(i);
            Optional<Long> millis = i + 1 < timeline.size()
                    ? Optional.of(
                            Duration.between(entered.at(), timeline.get(i + 1).at())
                                    .toMillis())
                    : Optional.empty();
            stays.add(new Stay(entered.state(), entered.at(), millis));
        }
        return stays;
    }

    /** A step is done again after a table was loaded again, or a cutover was given up: the last time counts. */
    private static List<Done> done(DatabaseStatus status, List<AuditEntry> history) {
        List<Done> steps = new ArrayList<>();
        for (Step step : Step.values()) {
            history.stream()
                    .filter(entry -> entry.changes().stream()
                            .anyMatch(change ->
                                    change.database().equals(status.pair().source()) && adds(change, step)))
                    .reduce((one, later) -> later)
                    .filter(entry -> status.done().contains(step))
                    .ifPresent(entry -> steps.add(new Done(step.name(), entry.at())));
        }
        return steps;
    }

    private static boolean adds(Change change, Step step) {
        return change.what().equals("steps")
                && List.of(change.after().split(" ", -1)).contains(step.name())
                && !List.of(change.before().split(" ", -1)).contains(step.name());
    }
}
