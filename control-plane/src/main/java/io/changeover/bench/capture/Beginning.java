package io.changeover.bench.capture;

import io.changeover.bench.Condition;
import io.changeover.connect.ConnectClient;
import io.changeover.connect.ConnectorStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * Where every measurement of a workload begins: at a slot that our connector has made, since it reads no other, with
 * the offset that it has stored, since nobody else knows what has to be in it. Debezium reads the same keys.
 */
public final class Beginning {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private Beginning() {}

    /**
     * Lets our connector begin, and takes it away again; the slot {@link CaptureSource#beginning()} stays.
     *
     * @return the offset as JSON
     */
    public static String make(CaptureSource source, Side ours, ConnectClient connect) throws Exception {
        String name = source.beginning();
        connect.put(name, ours.config(source.settings(), name, name));
        Condition.await("our connector has made its slot", LIMIT, LOOK_EVERY, () -> {
            requireNotFailed(connect, name);
            return connect.offset(name).isPresent();
        });
        connect.stop(name);
        Condition.await("our connector has stopped", LIMIT, LOOK_EVERY, () -> isStopped(connect.status(name)));
        // only now: while it ran, it could still move the slot past an offset that was read before
        String offset = connect.offset(name).orElseThrow();
        connect.delete(name);
        return offset;
    }

    /** Fails with what Connect says, if a connector has. */
    public static void requireNotFailed(ConnectClient connect, String name) {
        connect.status(name).filter(ConnectorStatus::failed).ifPresent(status -> {
            throw new IllegalStateException("The connector " + name + " failed: " + status.cause());
        });
    }

    private static boolean isStopped(Optional<ConnectorStatus> status) {
        return status.filter(found ->
                        found.state().equals("STOPPED") && found.tasks().isEmpty())
                .isPresent();
    }
}
