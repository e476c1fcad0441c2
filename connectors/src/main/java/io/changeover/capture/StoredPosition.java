package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

    /**
     * Which server and publication an offset belongs to.
     *
     * @param publication its fingerprint
     */
    record Identity(String system, long timeline, String publication) {

        static Identity of(SourceFacts facts) {
            return new Identity(
                    facts.systemIdentifier(),
                    facts.timeline(),
                    fingerprint(facts.publication().orElse("")));
        }
    }

    /** Where a stream begins whose slot is consistent from this position on. */
    static Map<String, Object> beginning(LogSequenceNumber lsn, Identity identity) {
        return position(lsn, 0, identity);
    }

    /** Where a stream goes on after a transaction. */
    static Map<String, Object> after(ChangeEvent.End end, Identity identity) {
        return position(end.commitLsn(), end.committedAt(), identity);
    }

    /** Debezium's keys without the one (lsn_proc) that would make it search for a place inside a transaction. */
    private static Map<String, Object> position(LogSequenceNumber lsn, long committedAt, Identity identity) {
        return Map.of(
                "lsn",
                lsn.asLong(),
                "lsn_commit",
                lsn.asLong(),
                "ts_usec",
                committedAt,
                SYSTEM,
                identity.system(),
                TIMELINE,
                identity.timeline(),
                PUBLICATION,
                identity.publication());
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
