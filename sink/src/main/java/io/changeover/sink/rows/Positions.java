package io.changeover.sink.rows;

import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How far the target is on each partition that a task has: a stream of its own in the ledger, called
 * {@code topic-partition}. Not thread-safe.
 */
final class Positions {

    private final Map<TopicPartition, Position> positions;

    /** What was read, which may be more than where to start again. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private Positions(Map<TopicPartition, Position> positions) {
        this.positions = new LinkedHashMap<>(positions);
        positions.forEach((partition, position) -> next.put(partition, position.topicOffset()));
    }

    static String stream(TopicPartition partition) {
        return partition.topic() + "-" + partition.partition();
    }

    /** Takes the partitions over: later transactions of earlier owners fail. */
    static Positions open(Connection target, Collection<TopicPartition> partitions) throws SQLException {
        Map<TopicPartition, Position> opened = new LinkedHashMap<>();
        for (TopicPartition partition : inOrder(partitions)) {
            opened.put(partition, StreamLedger.open(target, stream(partition)));
            target.commit();
        }
        return new Positions(opened);
    }

    /** The same partitions after a lost connection, as their owner still. */
    Positions reopen(Connection target) throws SQLException {
        Map<TopicPartition, Position> opened = new LinkedHashMap<>();
        for (Map.Entry<TopicPartition, Position> each : positions.entrySet()) {
            Optional<Position> stored = StreamLedger.reopen(
                    target, stream(each.getKey()), each.getValue().epoch());
            opened.put(each.getKey(), stored.orElseThrow(() -> fenced(each.getKey())));
            target.commit();
        }
        return new Positions(opened);
    }

    /** In one order, so that two tasks never wait for each other. */
    static List<TopicPartition> inOrder(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
                .toList();
    }

    Map<TopicPartition, Long> offsets() {
        return positions.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().topicOffset()));
    }

    /** As whose owner this task writes. */
    long epoch(TopicPartition partition) {
        return Optional.ofNullable(positions.get(partition))
                .map(Position::epoch)
                .orElseThrow();
    }

    /** The next record to apply, or empty for a partition that is not ours. */
    Optional<Long> next(TopicPartition partition) {
        return Optional.ofNullable(next.get(partition));
    }

    /**
     * Writes new positions, in the transaction that applied what lies before them.
     *
     * @param offsets the next record of each partition that was read
     * @throws ConnectException if another task has taken one over; the caller has to roll back
     */
    void store(Connection target, Map<TopicPartition, Long> offsets) throws SQLException {
        for (TopicPartition partition : inOrder(offsets.keySet())) {
            if (!StreamLedger.advance(target, stream(partition), moved(partition, offsets), 0, 0)) {
                throw fenced(partition);
            }
        }
    }

    /** What was stored is committed. */
    void moveTo(Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> read) {
        offsets.keySet().forEach(partition -> positions.put(partition, moved(partition, offsets)));
        next.putAll(read);
    }

    private Position moved(TopicPartition partition, Map<TopicPartition, Long> offsets) {
        Position last = positions.get(partition);
        if (last == null) {
            throw new IllegalStateException(partition + " is not this task's");
        }
        return new Position(last.epoch(), offsets.getOrDefault(partition, last.topicOffset()), last.commitLsn());
    }

    private static ConnectException fenced(TopicPartition partition) {
        return new ConnectException("fenced: another task has taken over stream " + stream(partition));
    }
}
