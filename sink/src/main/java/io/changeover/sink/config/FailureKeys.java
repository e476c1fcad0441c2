package io.changeover.sink.config;

import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.failure.Retries;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What happens when something fails. */
public final class FailureKeys {

    public static final String MAX_RETRIES = "max.retries";
    public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
    public static final String CHANGE_FAILURE_MODE = "change.failure.mode";

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
                        "The longest waiting time before the first attempt after a failure; doubles up to a minute, and"
                                + " up to a half of it is left to chance. Also the time between two looks at a table"
                                + " that is still loading.")
                .optional(
                        new SinkKey(CHANGE_FAILURE_MODE, ConfigDef.Type.STRING, Width.SHORT, "Change that fails"),
                        ChangeFailureMode.STOP.word(),
                        ConfigDef.ValidString.in(ChangeFailureMode.STOP.word(), ChangeFailureMode.STOP_TABLE.word()),
                        Importance.MEDIUM,
                        "What happens when a change cannot be applied, because the target's table differs or its rows"
                                + " do. stop: the stream stops before it, and goes on with it when the task is started"
                                + " again. stop-table: its table is set aside and has to be loaded again; the stream"
                                + " goes on for the others. Either way it is in changeover.quarantine, and there is"
                                + " no cutover. Of topics of a stock Debezium source the table is set aside as far as"
                                + " the record's partition goes.");
    }
}
