package io.changeover.sink.rows;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.ledger.QuarantineLedger.Failure;
import io.changeover.ledger.QuarantineLedger.State;
import io.changeover.postgres.TableName;
import io.changeover.sink.decode.ErrantRecords;
import io.changeover.sink.decode.debezium.SourcePoint;
import io.changeover.sink.failure.FailedChange;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.StoppedStream;
import io.changeover.sink.failure.TableSetAsideException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task does about records that cannot be applied. Not thread-safe.
 *
 * <p>States of a table on a partition, and what moves them, as in a change topic: followed until a record of it cannot
 * be applied; to be set aside, which a crash forgets; set aside from that record on, written by the transaction that
 * moves the position past it; followed again when somebody has taken it out of the ledger, noticed when its next
 * records are counted there. A record that is left out is known by its place until the position is past it.
 */
final class RowQuarantine {

    private static final Logger LOG = LoggerFactory.getLogger(RowQuarantine.class);

    private record TableOf(TopicPartition partition, TableName table) {}

    private final RowFailureMode mode;
    private final ErrantRecords errant;

    /** The first offset that is not applied. */
    private final Map<TableOf, Long> setAside = new HashMap<>();

    private final Set<RowChange.Place> leftOut = new HashSet<>();
    private final Map<TableOf, Failure> unwritten = new LinkedHashMap<>();
    private final Set<TopicPartition> stopped = new HashSet<>();
    private final Set<TopicPartition> cleared = new HashSet<>();

    RowQuarantine(RowFailureMode mode, ErrantRecords errant) {
        this.mode = mode;
        this.errant = errant;
    }

    /** Reads the ledger anew; what it does not know comes again. */
    void read(Connection target, Collection<TopicPartition> partitions) throws SQLException {
        List.of(leftOut, stopped, cleared).forEach(Collection::clear);
        unwritten.clear();
        setAside.clear();
        for (TopicPartition partition : partitions) {
            for (QuarantineLedger.Entry entry : QuarantineLedger.entries(target, Positions.stream(partition))) {
                Failure failure = entry.failure();
                switch (failure.state()) {
                    case SET_ASIDE -> setAside.put(new TableOf(partition, failure.table()), failure.topicOffset() - 1);
                    case STOPPED -> stopped.add(partition);
                    case SKIPPED -> {}
                }
            }
        }
    }

    /** How many tables are set aside, and how many partitions stand before a record. */
    int size() {
        return setAside.size() + stopped.size();
    }

    /** Whether a record of this table is not to be applied. */
    boolean holds(TableName table, RowChange.Place place) {
        Long first = setAside.get(new TableOf(place.topicPartition(), table));
        return (first != null && place.offset() >= first) || leftOut.contains(place);
    }

    /**
     * A record cannot be applied. The target transaction is rolled back, and everything before the record in its
     * partition is committed.
     *
     * @throws FailedChangeException if the task is to stop. Otherwise {@link #holds} the record
     * @throws ConnectException if it cannot be left out, because Connect's dead letter queue does not take it
     */
    void refuse(Connection target, RowRefusedException refusal, long epoch) throws FailedChangeException {
        RowChange.Place place = refusal.place();
        TableOf table = new TableOf(place.topicPartition(), refusal.change().table());
        switch (mode) {
            case STOP -> {
                String stream = Positions.stream(place.topicPartition());
                Failure failure = failure(State.STOPPED, refusal);
                if (StoppedStream.record(target, stream, failure, refusal.error(), epoch)) {
                    stopped.add(place.topicPartition());
                }
                throw refusal.error();
            }
            case STOP_TABLE -> {
                unwritten.put(table, failure(State.SET_ASIDE, refusal));
                setAside.put(table, place.offset());
                LOG.error(
                        "Table {} is set aside from record {} on; it has to be loaded again. {}",
                        table.table(),
                        place,
                        refusal.error().getMessage());
            }
            case LEAVE_OUT -> {
                report(refusal);
                unwritten.put(table, failure(State.SKIPPED, refusal));
                leftOut.add(place);
                LOG.error("Left out: {}", refusal.error().getMessage());
            }
        }
    }

    private void report(RowRefusedException refusal) {
        String message = String.valueOf(refusal.error().getMessage());
        if (!errant.report(refusal.place().sinkRecord(), new ConnectException(message))) {
            throw new ConnectException(
                    "CO-2035: the dead letter queue did not take a record that is to be left out. " + message);
        }
    }

    private static Failure failure(State state, RowRefusedException refusal) {
        FailedChange change = refusal.change();
        SourcePoint point = SourcePoint.of(refusal.place().sinkRecord());
        return new Failure(
                state,
                change.table(),
                change.operation(),
                change.keyHash(),
                refusal.place().offset() + 1,
                LogSequenceNumber.valueOf(point.lsn()),
                point.xid(),
                change.sqlState(),
                change.reason());
    }

    /**
     * Writes what has changed, in the target transaction that moves the positions.
     *
     * @throws TableSetAsideException if one of these tables was released; the transaction has to be undone
     */
    void write(Connection target, RowBatch batch) throws SQLException {
        for (Map.Entry<TableOf, Failure> each : unwritten.entrySet()) {
            QuarantineLedger.record(target, Positions.stream(each.getKey().partition()), each.getValue());
        }
        for (Map.Entry<TopicPartition, Map<TableName, Long>> each : batch.held().entrySet()) {
            Optional<TableName> released =
                    QuarantineLedger.holdBack(target, Positions.stream(each.getKey()), each.getValue());
            if (released.isPresent()) {
                throw TableSetAsideException.released(released.get());
            }
        }
        for (TopicPartition partition : stopped) {
            long position = batch.resume().getOrDefault(partition, -1L);
            if (QuarantineLedger.clear(target, Positions.stream(partition), position) > 0) {
                cleared.add(partition);
            }
        }
        if (!unwritten.isEmpty() || !batch.held().isEmpty() || !cleared.isEmpty()) {
            CrashPoint.QUARANTINE_BEFORE_COMMIT.hit();
        }
    }

    /** What {@link #write} wrote is committed. */
    void committed() {
        unwritten.clear();
        leftOut.clear();
        for (TopicPartition partition : cleared) {
            LOG.info("{}: the record that could not be applied is applied now", partition);
        }
        stopped.removeAll(cleared);
        cleared.clear();
    }
}
