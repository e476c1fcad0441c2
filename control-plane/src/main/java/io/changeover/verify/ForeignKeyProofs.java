package io.changeover.verify;

import io.changeover.postgres.TableName;
import io.changeover.sink.guard.ClaimedKey;
import io.changeover.sink.guard.ForeignKeyFacts;
import io.changeover.sink.guard.GuardCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves the foreign keys of a target that follows its source: a key that claims to be valid may never have been
 * checked, because the rows came in sessions of the replica role, or while it was set aside.
 *
 * <p>To be used when all tables' loads are passed: from then on every state of the target that a query can see is one
 * that the source was in, in the order of its commits. What the source's own key has prevented in all of them cannot
 * come later; such a proof lasts. A key that the source does not have, or does not enforce, is proved again.
 *
 * <p>Not thread-safe; one session for itself on each side, in auto-commit mode.
 */
public final class ForeignKeyProofs {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignKeyProofs.class);
    private static final Duration AGAIN = Duration.ofSeconds(60);

    private final Connection source;
    private final Connection target;
    private final boolean likeSource;

    /**
     * Uses two sessions.
     *
     * @param likeSource whether keys that are valid on the source and NOT VALID on the target are to become valid,
     *     because the target's are copies
     */
    public ForeignKeyProofs(Connection source, Connection target, boolean likeSource) {
        this.source = source;
        this.target = target;
        this.likeSource = likeSource;
    }

    /** Which proofs are good enough. */
    private enum Needed {
        /** Any but one that does not last and is older than a minute, or than twenty times what it takes. */
        RECENT,
        /** Those that last. */
        NOW
    }

    /**
     * Proves what is not proved, and after a minute again what does not last.
     *
     * @return why the cutover cannot begin: the violated keys, a sentence each
     */
    public List<String> prove() throws SQLException {
        return prove(Needed.RECENT);
    }

    /**
     * Proves again every key of which the source does not see to it that it stays true; to be called when the source is
     * fenced and the target has everything.
     *
     * @return the violated keys, a sentence each
     */
    public List<String> proveFinally() throws SQLException {
        return prove(Needed.NOW);
    }

    /** The server has validated these keys itself on rows of the source. */
    public void recordValidated(List<ForeignKeyFacts> keys) throws SQLException {
        List<ForeignKeyFacts> onSource = GuardCatalog.foreignKeys(source);
        for (ClaimedKey key : ClaimedKey.read(target)) {
            if (key.among(keys).isPresent()) {
                ProofRecord.write(target, key, new Proof(0, 0, isEnforced(key, onSource), 0));
            }
        }
    }

    /** The rows of a table are others from now on: forgets the proofs of keys that refer to it, or from it. */
    public void forget(TableName table) throws SQLException {
        List<ForeignKeyFacts> keys = new ArrayList<>(GuardCatalog.foreignKeys(source));
        keys.addAll(GuardCatalog.foreignKeys(target)); // some of which may be set aside
        for (ForeignKeyFacts key : keys) {
            if (key.table().equals(table) || key.references().equals(table)) {
                ProofRecord.forget(target, key.table(), key.name());
            }
        }
    }

    private List<String> prove(Needed needed) throws SQLException {
        List<ForeignKeyFacts> onSource = GuardCatalog.foreignKeys(source);
        List<String> violated = new ArrayList<>();
        List<ClaimedKey> claimed = ClaimedKey.read(target);
        for (ForeignKeyFacts key : likeSource ? unvalidated(claimed, onSource) : List.<ForeignKeyFacts>of()) {
            Proof proof = prove(key.claim(), true);
            complaint(key.claim(), proof).ifPresent(violated::add);
            if (proof.violations() == 0) {
                validate(key);
            }
        }
        for (ClaimedKey key : claimed) {
            Optional<ProofRecord.Earlier> earlier = ProofRecord.read(target, key);
            Proof proof = earlier.isPresent() && isEnough(earlier.get(), needed)
                    ? earlier.get().proof()
                    : prove(key, isEnforced(key, onSource));
            complaint(key, proof).ifPresent(violated::add);
        }
        return List.copyOf(violated);
    }

    /** Keys that could not be validated when they were added, because rows violated them. */
    private List<ForeignKeyFacts> unvalidated(List<ClaimedKey> claimed, List<ForeignKeyFacts> onSource)
            throws SQLException {
        return GuardCatalog.foreignKeys(target).stream()
                .filter(key -> !key.isValid() && isEnforced(key.claim(), onSource))
                .filter(key -> claimed.stream().noneMatch(claim -> claim.equals(key.claim())))
                .toList();
    }

    private void validate(ForeignKeyFacts key) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("set lock_timeout = '1500ms'");
            statement.execute(key.validate());
            statement.execute("set lock_timeout = 0");
        }
    }

    private static boolean isEnough(ProofRecord.Earlier earlier, Needed needed) {
        boolean holdsForEver = earlier.proof().lasting() && earlier.proof().violations() == 0;
        Duration rest = Duration.ofMillis(20 * earlier.proof().milliseconds());
        boolean recent = earlier.age().compareTo(rest.compareTo(AGAIN) > 0 ? rest : AGAIN) < 0;
        return holdsForEver || (needed == Needed.RECENT && recent);
    }

    private Proof prove(ClaimedKey key, boolean enforced) throws SQLException {
        long begin = System.nanoTime();
        long violations = count(target, key);
        long onSource = violations > 0 && enforced ? count(source, key) : 0;
        Proof proof = new Proof(
                violations,
                onSource,
                enforced,
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
        ProofRecord.write(target, key, proof);
        LOG.info("Foreign key {}: {} rows violate it ({} ms)", key, violations, proof.milliseconds());
        if (violations > 0 && onSource > 0) {
            LOG.warn("Foreign key {} is violated by {} rows of the source as well: it stays so", key, onSource);
            key.leaveNotValid(target);
        }
        return proof;
    }

    /** What both sides have in common is no fault of the migration. */
    private static Optional<String> complaint(ClaimedKey key, Proof proof) {
        return proof.violations() > 0 && proof.sourceViolations() == 0
                ? Optional.of("CO-2053: the foreign key " + key + " is violated by " + proof.violations()
                        + (proof.violations() == 1 ? " row" : " rows") + " of the target")
                : Optional.empty();
    }

    private static boolean isEnforced(ClaimedKey key, List<ForeignKeyFacts> onSource) {
        return key.among(onSource).filter(ForeignKeyFacts::isValid).isPresent();
    }

    private static long count(Connection connection, ClaimedKey key) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet rows = statement.executeQuery(key.proof())) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new SQLException(
                    "Could not prove the foreign key " + key + ": " + e.getMessage(), e.getSQLState(), e);
        }
    }
}
