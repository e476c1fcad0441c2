package io.changeover.fallback;

import io.changeover.contract.Marker;
import io.changeover.kafka.KafkaClients;
import io.changeover.lag.TopicTail;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.StreamLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.wire.RecordJson;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Sets the old source's position on the stream back to the marker that was written before the target was opened: all
 * that commits behind it is applied, and nothing before it, which came from there. A position has to be the exact end
 * of a transaction of the stream, and only the topic says where that is.
 */
public final class StartOfTheWayBack {

    /** The topic begins right before the marker. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration BUDGET = Duration.ofMillis(250);

    private StartOfTheWayBack() {}

    /**
     * Sets it, unless something was applied already. Reads the topic for a while.
     *
     * @param oldSource where the stream is applied
     * @param topic of the stream, which is also its name in the ledger
     * @return whether it is set; false if the marker has not been captured yet: to be called again
     */
    public static boolean set(ServerSettings oldSource, KafkaClients kafka, String topic, Marker marker)
            throws SQLException {
        try (Connection target = Connections.open(oldSource, "changeover-control")) {
            Ledger.create(target);
            if (isSet(target, topic)) {
                return true;
            }
            Optional<MarkerSearch.Found> found = search(kafka, topic, marker);
            if (found.isEmpty()) {
                return false;
            }
            target.setAutoCommit(false);
            StreamLedger.Position opened = StreamLedger.open(target, topic);
            if (isNew(opened.commitLsn())) {
                StreamLedger.advance(
                        target,
                        topic,
                        new StreamLedger.Position(
                                opened.epoch(),
                                found.get().topicOffset(),
                                found.get().commitLsn()),
                        0,
                        0);
            }
            target.commit();
            return true;
        }
    }

    private static boolean isSet(Connection target, String topic) throws SQLException {
        return StreamLedger.progress(target, topic)
                .filter(progress -> !isNew(progress.position().commitLsn()))
                .isPresent();
    }

    private static boolean isNew(LogSequenceNumber commitLsn) {
        return commitLsn.asLong() == 0;
    }

    private static Optional<MarkerSearch.Found> search(KafkaClients kafka, String topic, Marker marker) {
        MarkerSearch search = new MarkerSearch(marker);
        try (TopicTail tail = new TopicTail(kafka, topic, 0)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (search.found().isEmpty() && System.nanoTime() < deadline) {
                tail.drain(BUDGET, record -> {
                    if (record.value() != null) {
                        search.take(record.offset(), RecordJson.scan(record.value()));
                    }
                });
            }
        }
        return search.found();
    }
}
