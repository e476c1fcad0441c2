package io.changeover.capture;

import io.changeover.postgres.ServerSettings;
import io.debezium.config.Configuration;
import java.util.Map;
import java.util.Optional;

/**
 * What we read of Debezium's configuration.
 *
 * @param topic the change topic, which is Debezium's {@code topic.prefix}
 * @param slot the replication slot
 * @param publication the publication
 * @param source where to capture
 * @param limits how much a record may hold
 */
record CaptureSettings(String topic, String slot, String publication, ServerSettings source, Packer.Limits limits) {

    static final String RECORD_EVENTS = "record.max.events";
    static final String RECORD_CHARS = "record.max.chars";
    private static final String PRODUCER_BYTES = "producer.override.max.request.size";
    private static final String TOPIC_BYTES = "topic.creation.default.max.message.bytes";
    private static final int KAFKAS_DEFAULT = 1_048_576;

    static CaptureSettings of(Configuration config) {
        return new CaptureSettings(
                config.getString("topic.prefix"),
                config.getString("slot.name", "debezium"),
                config.getString("publication.name", "dbz_publication"),
                new ServerSettings(
                        config.getString("database.hostname"),
                        config.getInteger("database.port", 5432),
                        config.getString("database.dbname"),
                        config.getString("database.user"),
                        config.getString("database.password", ""),
                        config.getString("database.sslmode", "verify-full"),
                        Optional.ofNullable(config.getString("database.sslrootcert"))),
                limits(config));
    }

    /**
     * What producer and topic take decides; JSON makes at most six bytes of a character, and few rows are like that.
     */
    private static Packer.Limits limits(Configuration config) {
        int bytes = Math.min(
                config.getInteger(PRODUCER_BYTES, KAFKAS_DEFAULT), config.getInteger(TOPIC_BYTES, Integer.MAX_VALUE));
        int chars = Math.min(config.getInteger(RECORD_CHARS, 262_144), bytes / 6);
        return new Packer.Limits(config.getInteger(RECORD_EVENTS, 2000), chars, bytes);
    }

    /** Connect's key of the stored offset; Debezium's own. */
    Map<String, String> partition() {
        return Map.of("server", topic);
    }
}
