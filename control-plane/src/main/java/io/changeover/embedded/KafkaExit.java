package io.changeover.embedded;

import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kafka may do to the JVM that it is embedded in.
 *
 * <p>It adds no shutdown hooks: Connect's would run beside the owner's, and when the broker goes first, the worker
 * waits minutes for it. It may not end the JVM while it is being started: that is an exception, which can be reported.
 * Later it may: a worker or broker that gave up would leave a process that looks alive and does nothing.
 */
final class KafkaExit {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaExit.class);
    private static final ThreadLocal<Boolean> STARTING = ThreadLocal.withInitial(() -> false);

    private KafkaExit() {}

    /** Runs {@code start} under these rules; they stay in force. */
    static <T> T guard(Callable<T> start) throws Exception {
        Exit.setShutdownHookAdder((name, hook) -> LOG.debug("Left out Kafka's shutdown hook {}", name));
        Exit.setExitProcedure((status, message) ->
                end(status, message, () -> Runtime.getRuntime().exit(status)));
        Exit.setHaltProcedure((status, message) ->
                end(status, message, () -> Runtime.getRuntime().halt(status)));
        STARTING.set(true);
        try {
            return start.call();
        } finally {
            STARTING.remove();
        }
    }

    private static void end(int status, String message, Runnable way) {
        if (STARTING.get()) {
            throw new IllegalStateException("Kafka could not start (status %d): %s"
                    .formatted(status, message == null ? "see the log" : message));
        }
        LOG.error("Kafka ends this process with status {}: {}", status, message);
        way.run();
    }
}
