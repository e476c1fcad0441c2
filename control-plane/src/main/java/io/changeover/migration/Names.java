package io.changeover.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What everything is called that belongs to one database pair. Made from the migration's and the database's name; a
 * name that has to be shortened or changed to fit gets a hash of the original, so that two never collide.
 *
 * @param migration the migration's name
 * @param database the source database's name
 * @param direction of the stream
 */
public record Names(String migration, String database, Direction direction) {

    /** Which way the changes go. */
    public enum Direction {
        /** From the source to the target. */
        FORWARD,
        /** After the cutover, from the target to the old source. */
        BACK
    }

    private static final int SLOT_LENGTH = 63;
    private static final int TOPIC_LENGTH = 200;
    private static final int HASH_LENGTH = 8;

    /** Of the stream from the source to the target. */
    public Names(String migration, String database) {
        this(migration, database, Direction.FORWARD);
    }

    /** Of the same pair's stream back. */
    public Names back() {
        return new Names(migration, database, Direction.BACK);
    }

    private String of(String forward, String back) {
        return direction == Direction.FORWARD ? forward : back;
    }

    /**
     * The replication slot: lower case, digits and underscores. A hyphen is two underscores, so that the single one
     * between migration and database can be told; a migration does not begin with one.
     */
    public String slot() {
        String plain = (of("changeover_", "changeover__back_") + migration.replace("-", "__") + "_" + database)
                .toLowerCase(Locale.ROOT);
        return fit(plain, "[^a-z0-9_]", SLOT_LENGTH);
    }

    /** The publication on the source; the slot's name. */
    public String publication() {
        return slot();
    }

    /** The change topic, which is also the stream's name in the ledger. */
    public String changeTopic() {
        return fit("changeover." + migration + "." + database, "[^a-zA-Z0-9._-]", TOPIC_LENGTH) + of("", ".back");
    }

    /** The topic with the load's progress. */
    public String progressTopic() {
        return changeTopic() + ".progress";
    }

    /** The topic that the rows of the full load go through with {@code load.mode: topic}. */
    public String loadTopic() {
        return changeTopic() + ".load";
    }

    /** The capture connector. */
    public String capture() {
        return connector("capture");
    }

    /** The load connector; with {@code load.mode: topic} the one that reads from the source. */
    public String load() {
        return connector("load");
    }

    /** With {@code load.mode: topic} the connector that writes to the target. */
    public String loadSink() {
        return connector("load-sink");
    }

    /** The sink connector. */
    public String sink() {
        return connector("sink");
    }

    private String connector(String part) {
        return fit(migration + "." + database, "[^a-zA-Z0-9._-]", TOPIC_LENGTH) + "." + of("", "back-") + part;
    }

    private String fit(String plain, String unwanted, int length) {
        String clean = plain.replaceAll(unwanted, "_");
        if (clean.equals(plain) && databaseIsPlain() && clean.length() <= length) {
            return clean;
        }
        String hash = "_" + hash();
        return clean.substring(0, Math.min(clean.length(), length - hash.length())) + hash;
    }

    /**
     * Whether the database's name is not taken for something else: case is lost in a slot, a dot could begin the name
     * of another of our topics and is an underscore to Kafka's metrics, an underscore in front could be a hyphen's.
     */
    private boolean databaseIsPlain() {
        return database.equals(database.toLowerCase(Locale.ROOT))
                && !database.contains(".")
                && !database.startsWith("_");
    }

    private String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((migration + "\n" + database).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
