package io.changeover.capture;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the capture remembers in Connect's source offset: Debezium's own keys, and which server and publication they
 * belong to.
 *
 * @param offset the offset as Connect has it
 */
record StoredPosition(Map<String, ?> offset) {

    private static final String SYSTEM = "changeover_system";
    private static final String TIMELINE = "changeover_timeline";
    private static final String PUBLICATION = "changeover_publication";

    /** Where a stream begins whose slot is consistent from this position on. */
    static Map<String, Object> beginning(LogSequenceNumber lsn, SourceFacts facts) {
        Map<String, Object> offset = new HashMap<>(identity(facts));
        offset.put("lsn", lsn.asLong());
        offset.put("lsn_proc", lsn.asLong());
        offset.put("lsn_commit", lsn.asLong());
        offset.put("messageType", "COMMIT");
        offset.put("ts_usec", 0L);
        return offset;
    }

    /** What is added to every offset. */
    static Map<String, Object> identity(SourceFacts facts) {
        return Map.of(
                SYSTEM, facts.systemIdentifier(),
                TIMELINE, facts.timeline(),
                PUBLICATION, fingerprint(facts.publication().orElse("")));
    }

    /** The end of the last transaction that was sent. */
    Optional<LogSequenceNumber> lastCommit() {
        return offset.get("lsn_commit") instanceof Number lsn
                ? Optional.of(LogSequenceNumber.valueOf(lsn.longValue()))
                : Optional.empty();
    }

    Optional<String> systemIdentifier() {
        return text(SYSTEM);
    }

    Optional<Long> timeline() {
        return offset.get(TIMELINE) instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    /** Whether the publication is what it was. */
    boolean knows(String publication) {
        return text(PUBLICATION).map(fingerprint(publication)::equals).orElse(true);
    }

    private Optional<String> text(String key) {
        return offset.get(key) instanceof String value ? Optional.of(value) : Optional.empty();
    }

    private static String fingerprint(String publication) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(publication.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
