package io.changeover.sink.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/** How much is held in memory, and how much goes into one target transaction. */
public final class BatchKeys {

    public static final String BATCH_SIZE = "batch.size";
    public static final String GROUP_MAX_MS = "group.max.ms";
    public static final String BUFFER_CHANGES = "transaction.buffer.changes";
    public static final String BUFFER_BYTES = "transaction.buffer.bytes";

    private BatchKeys() {}

    static void define(ConfigDef definition) {
        new KeyGroup(definition, "Batches and memory")
                .optional(
                        new SinkKey(BATCH_SIZE, ConfigDef.Type.INT, Width.SHORT, "Batch size"),
                        100_000,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Changes in a target transaction at most. Source transactions are put together up to this"
                                + " number; one that is larger is a target transaction of its own. Connect hands over"
                                + " at most consumer.override.max.poll.records at a time.")
                .optional(
                        new SinkKey(GROUP_MAX_MS, ConfigDef.Type.LONG, Width.SHORT, "Longest group (ms)"),
                        2000L,
                        Range.atLeast(1),
                        Importance.LOW,
                        "How long a target transaction of several source transactions lasts at most, about: the number"
                                + " of changes in the next one is halved or doubled accordingly, up to batch.size.")
                .optional(
                        new SinkKey(BUFFER_CHANGES, ConfigDef.Type.INT, Width.SHORT, "Changes held"),
                        200_000,
                        Range.atLeast(1),
                        Importance.LOW,
                        "Changes held in memory at most, but for those of one more record; half as many more may wait,"
                                + " decoded, while a target transaction is under way. A source transaction that"
                                + " reaches this number before its end has come is applied in pieces, in one target"
                                + " transaction that stays open until its end: nobody sees a part of it.")
                .optional(
                        new SinkKey(BUFFER_BYTES, ConfigDef.Type.LONG, Width.SHORT, "Bytes held"),
                        100_663_296L,
                        Range.atLeast(1),
                        Importance.LOW,
                        "The same in bytes, as an estimate: the text of all values at one byte for each character, 64"
                                + " bytes for each value and 100 for each change.");
    }
}
