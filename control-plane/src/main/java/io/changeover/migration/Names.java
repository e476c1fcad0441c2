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
 */
public record Names(String migration, String database) {

    private static final int SLOT_LENGTH = 63;
    private static final int TOPIC_LENGTH = 200;
    private static final int HASH_LENGTH = 8;

    /** The replication slot: lower case, digits and underscores. */
    public String slot() {
        String plain = ("changeover_" + migration.replace('-', '_') + "_" + database).toLowerCase(Locale.ROOT);
        return fit(plain, "[^a-z0-9_]", SLOT_LENGTH, migration.contains("-"));
    }

    /** The publication on the source; the slot's name. */
    public String publication() {
        return slot();
    }

    /** The change topic, which is also the stream's name in the ledger. */
    public String changeTopic() {
        return fit("changeover." + migration + "." + database, "[^a-zA-Z0-9._-]", TOPIC_LENGTH, database.contains("."));
    }

    /** The topic with the load's progress. */
    public String progressTopic() {
        return changeTopic() + ".progress";
    }

    /** The capture connector. */
    public String capture() {
        return connector("capture");
    }

    /** The load connector. */
    public String load() {
        return connector("load");
    }

    /** The sink connector. */
    public String sink() {
        return connector("sink");
    }

    private String connector(String part) {
        return fit(migration + "." + database, "[^a-zA-Z0-9._-]", TOPIC_LENGTH, database.contains(".")) + "." + part;
    }

    private String fit(String plain, String unwanted, int length, boolean ambiguous) {
        String clean = plain.replaceAll(unwanted, "_");
        boolean changed = ambiguous || !clean.equals(plain) || !database.equals(database.toLowerCase(Locale.ROOT));
        if (!changed && clean.length() <= length) {
            return clean;
        }
        String hash = "_" + hash();
        return clean.substring(0, Math.min(clean.length(), length - hash.length())) + hash;
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
