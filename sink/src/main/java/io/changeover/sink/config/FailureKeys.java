package io.changeover.sink.config;

import io.changeover.sink.failure.Retries;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What happens when something fails. */
public final class FailureKeys {

    public static final String MAX_RETRIES = "max.retries";
    public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";

    private FailureKeys() {}

    static void define(ConfigDef definition) {
        new KeyGroup(definition, "Failures")
                .optional(
                        new SinkKey(MAX_RETRIES, ConfigDef.Type.INT, Width.SHORT, "Retries"),
                        Retries.UNLIMITED,
                        Range.atLeast(Retries.UNLIMITED),
                        Importance.LOW,
                        "Attempts in a row after a lost connection, a deadlock or another failure that passes by"
                                + " itself, before the task stops. -1: no end, because a target that is down comes"
                                + " back, and until then the backlog waits in Kafka. Failures that do not pass are"
                                + " never tried again.")
                .optional(
                        new SinkKey(RETRY_BACKOFF_MS, ConfigDef.Type.LONG, Width.SHORT, "Waiting time in ms"),
                        1000L,
                        Range.between(1, 60_000),
                        Importance.LOW,
                        "Waiting time before the first attempt after a failure; doubles up to a minute. Also the time"
                                + " between two looks at a table that is still loading.");
    }
}
