package io.changeover.runner;

import io.changeover.cutover.Verification;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The {@link FenceGate} of a way back, from when there is one on. Safe for use by several threads. */
final class BackGate implements Verification, AutoCloseable {

    private final Supplier<FenceGate> made;
    private @Nullable FenceGate gate;
    private boolean closed;

    BackGate(Supplier<FenceGate> made) {
        this.made = made;
    }

    private synchronized Optional<FenceGate> gate() {
        if (gate == null && !closed) {
            gate = made.get();
        }
        return Optional.ofNullable(gate);
    }

    /** The verification, once it was asked for. */
    synchronized Optional<io.changeover.verify.live.Verification> verification() {
        return Optional.ofNullable(gate).map(FenceGate::verification);
    }

    /** There is something to verify: the old source follows. */
    void follow() {
        gate().ifPresent(found -> found.verification().follow());
    }

    /** It does not follow any more. */
    void rest() {
        verification().ifPresent(io.changeover.verify.live.Verification::rest);
    }

    @Override
    public List<String> problems() {
        return gate().map(FenceGate::problems).orElse(List.of());
    }

    @Override
    public List<String> rest(Connection source, Connection target, Duration time) throws SQLException {
        Optional<FenceGate> found = gate();
        return found.isPresent() ? found.get().rest(source, target, time) : List.of();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        verification().ifPresent(io.changeover.verify.live.Verification::close);
    }
}
