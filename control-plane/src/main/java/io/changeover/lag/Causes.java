package io.changeover.lag;

import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says why pending changes do not become fewer. A pure function of what was seen. */
public final class Causes {

    /** A target that is less behind than this follows; then only what stops everything is told. */
    private static final Duration BEHIND = Duration.ofSeconds(2);

    private static final Duration LONG_WAIT = Duration.ofSeconds(1);
    private static final Duration LONG_TRANSACTION = Duration.ofMinutes(1);
    private static final Set<DatabaseState> CAPTURING = EnumSet.of(
            DatabaseState.FULL_LOAD,
            DatabaseState.CATCHING_UP,
            DatabaseState.READY_TO_CUTOVER,
            DatabaseState.CUTTING_OVER,
            DatabaseState.PAUSED);
    private static final double MOST = 0.5;
    private static final long MANY = 1000;

    private Causes() {}

    /**
     * What holds changes back, what stops everything first.
     *
     * @param state of the pair
     * @param connectors as they are now; empty if Connect did not say
     * @param progress the last look
     */
    public static List<Cause> of(DatabaseState state, Optional<List<ConnectorLook>> connectors, Progress progress) {
        List<Cause> causes = new ArrayList<>();
        if (state == DatabaseState.PAUSED || state == DatabaseState.STOPPED) {
            causes.add(new Cause(
                    Cause.Kind.PAUSED,
                    "The database is " + state + ": nothing is written to the target. Go on with resume"));
        }
        addConnectors(connectors, causes);
        Quarantined.sentences(progress.quarantine())
                .forEach(sentence -> causes.add(new Cause(Cause.Kind.QUARANTINE, sentence)));
        Signs signs = progress.signs();
        if (signs.targetIsStandby()) {
            causes.add(
                    new Cause(
                            Cause.Kind.TARGET_READ_ONLY,
                            "The target takes no writes: it is a standby. Promote it, or name the primary in the migration file"));
        }
        if (CAPTURING.contains(state)) {
            addCapture(progress, causes);
            addSessions(signs, progress, causes);
        }
        addSlowness(signs, progress, causes);
        causes.sort(Comparator.comparing(Cause::kind));
        return List.copyOf(causes);
    }

    private static void addConnectors(Optional<List<ConnectorLook>> connectors, List<Cause> causes) {
        if (connectors.isEmpty()) {
            causes.add(new Cause(
                    Cause.Kind.CONNECTOR,
                    "Kafka Connect's REST does not answer, so it is not known whether the connectors run"));
        }
        connectors.orElse(List.of()).stream()
                .filter(each -> each.failure().isPresent())
                .forEach(each -> causes.add(new Cause(
                        Cause.Kind.CONNECTOR,
                        "The connector " + each.name() + " has failed: "
                                + each.failure().get())));
    }

    private static void addCapture(Progress progress, List<Cause> causes) {
        progress.slot()
                .filter(slot -> !slot.active())
                .ifPresent(slot -> causes.add(new Cause(
                        Cause.Kind.NO_CAPTURE,
                        "Nobody reads the replication slot " + slot.name()
                                + ": the capture does not run, or is connecting")));
    }

    private static void addSessions(Signs signs, Progress progress, List<Cause> causes) {
        signs.lockWait()
                .filter(wait -> wait.waited().compareTo(LONG_WAIT) >= 0)
                .ifPresent(wait -> causes.add(new Cause(
                        Cause.Kind.LOCK_WAIT,
                        "The sink has waited " + seconds(wait.waited()) + " for a lock on the target"
                                + (wait.holders().isEmpty() ? "" : ", held by " + String.join("; ", wait.holders()))
                                + ". Nobody else may write there: end it, select pg_terminate_backend(pid)")));
        signs.longest()
                .filter(each -> each.open().compareTo(LONG_TRANSACTION) >= 0)
                .ifPresent(each -> causes.add(new Cause(
                        Cause.Kind.LONG_TRANSACTION,
                        "On the source, " + each.who() + " has not ended for "
                                + seconds(each.open()) + ": its changes come when it commits, and all WAL since its"
                                + " beginning is kept" + retained(progress)
                                + (each.prepared() ? ". Commit or roll it back" : ". Wait for it, or end it"))));
    }

    private static String retained(Progress progress) {
        return progress.slot()
                .map(slot -> " (" + (slot.retainedBytes() >> 20) + " MB)")
                .orElse("");
    }

    /** Told only of a target that is behind: every one of them is so for moments. */
    private static void addSlowness(Signs signs, Progress progress, List<Cause> causes) {
        Optional<Pending> pending = progress.pending()
                .filter(now -> Duration.ofMillis(now.lagMillis()).compareTo(BEHIND) >= 0);
        if (pending.isEmpty() || !causes.isEmpty()) {
            return;
        }
        if (signs.sourceSends() >= MOST) {
            causes.add(new Cause(
                    Cause.Kind.SOURCE_NETWORK,
                    "The source waits for the capture to take what it sends: the network between them is slow, or the"
                            + " capture's worker is busy. A question to the source takes "
                            + signs.sourceRoundTrip().toMillis() + " ms from the control plane"));
        }
        if (signs.targetReads() >= MOST) {
            causes.add(new Cause(
                    Cause.Kind.TARGET_NETWORK,
                    "The target waits for the sink to send: the network between them is slow, or the sink's worker is"
                            + " busy. A question to the target takes "
                            + signs.targetRoundTrip().toMillis() + " ms from the control plane"));
        }
        addHotTable(progress, pending.get(), causes);
        Flow flow = pending.get().flow();
        if (flow.rest().isEmpty()) {
            causes.add(new Cause(
                    Cause.Kind.TARGET_SLOWER,
                    String.format(
                            "The source makes %.0f changes a second, the target takes %.0f, and does not come nearer",
                            flow.capturedPerSecond(), flow.appliedPerSecond())));
        }
    }

    private static void addHotTable(Progress progress, Pending pending, List<Cause> causes) {
        progress.tables().stream()
                .max(Comparator.comparingLong(TableProgress::pending))
                .filter(table -> progress.tables().size() > 1
                        && table.pending() >= MANY
                        && table.pending() > pending.changes() * MOST)
                .ifPresent(table -> causes.add(new Cause(
                        Cause.Kind.HOT_TABLE,
                        table.table() + " has " + 100 * table.pending() / Math.max(1, pending.changes()) + " % of "
                                + pending.changes() + " pending changes. See that it has its key and no more indexes"
                                + " than it needs on the target")));
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }
}
