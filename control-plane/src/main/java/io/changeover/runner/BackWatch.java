package io.changeover.runner;

import io.changeover.cutover.Gate;
import io.changeover.lag.Progress;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.spec.CutoverSpec;
import io.changeover.verify.live.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link Watch} of the way back, which looks from when there is one on. Safe for use by several threads. */
final class BackWatch implements AutoCloseable {

    private static final String STATE = "state";

    private final Supplier<Watch> made;
    private final BackGate gate;
    private @Nullable Watch watch;
    private boolean closed;

    BackWatch(Supplier<Watch> made, BackGate gate) {
        this.made = made;
        this.gate = gate;
    }

    /** There is a stream back to be seen. */
    synchronized void begin() {
        if (watch == null && !closed) {
            watch = made.get();
        }
    }

    private synchronized Optional<Watch> watch() {
        return Optional.ofNullable(watch);
    }

    void connectorsRun(boolean running) {
        watch().ifPresent(found -> found.connectorsRun(running));
    }

    void problems(List<String> found) {
        watch().ifPresent(looking -> looking.problems(found));
    }

    /** The last look; its source is the target of the migration. */
    Progress progress() {
        return watch().map(Watch::progress).orElseGet(() -> Progress.none(Instant.EPOCH));
    }

    /** How the connectors were a moment ago; empty if Connect did not say. */
    Optional<List<ConnectorLook>> connectors() {
        return watch().map(Watch::connectors).orElse(Optional.of(List.of()));
    }

    /** The verification of the way back, once it has begun. */
    Optional<Verification> verification() {
        return gate.verification();
    }

    /** What has to hold for a rollback, as it was a moment ago: the gates of a cutover of a pair that is near. */
    List<Gate> gates(DatabaseStatus status, CutoverSpec spec) {
        return watch().map(looking -> ofRollback(status, looking.gates(asForward(status), spec)))
                .orElseGet(() -> nothingSeen(status));
    }

    /** The same with a new look at both servers. */
    List<Gate> gatesNow(DatabaseStatus status, CutoverSpec spec) {
        return watch().map(looking -> ofRollback(status, looking.gatesNow(asForward(status), spec)))
                .orElseGet(() -> nothingSeen(status));
    }

    /** What there is to say of a way back that nobody has looked at. */
    static List<Gate> nothingSeen(DatabaseStatus status) {
        return List.of(
                state(status),
                Gate.of("way back", "not seen", "seen", false, "nobody has looked at the way back yet: ask again"));
    }

    /** Of a pair that can be cut over, as far as its state goes. */
    private static DatabaseStatus asForward(DatabaseStatus status) {
        return DatabaseStatus.created(status.pair(), Instant.EPOCH)
                .moved(DatabaseState.READY_TO_CUTOVER, Instant.EPOCH);
    }

    private static List<Gate> ofRollback(DatabaseStatus status, List<Gate> forward) {
        return Stream.concat(
                        Stream.of(state(status)),
                        forward.stream().filter(gate -> !gate.name().equals(STATE)))
                .toList();
    }

    private static Gate state(DatabaseStatus status) {
        boolean follows = status.followsBack() || status.state() == DatabaseState.ROLLING_BACK;
        return Gate.of(
                STATE,
                status.state() + ", way back "
                        + status.fallback().map(back -> back.phase().name()).orElse("none"),
                "COMPLETED, way back FOLLOWING",
                follows,
                "the old source does not follow the target");
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        watch().ifPresent(Watch::close);
    }
}
