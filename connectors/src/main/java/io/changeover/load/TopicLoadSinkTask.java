package io.changeover.load;

import io.changeover.contract.Version;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the copies that come, several at a time if several tasks fill a partition. What is stored as read is never
 * more than the beginning of a copy that is not final, so that a task that takes over finds all of it.
 */
public final class TopicLoadSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(TopicLoadSinkTask.class);

    /** A copy, and where it began. */
    private record Open(ArrivingCopy copy, TopicPartition partition, long offset) {}

    private final Map<String, Open> open = new LinkedHashMap<>();
    private @Nullable ServerSettings target;

    @Override
    public void start(Map<String, String> properties) {
        ServerSettings server = new TopicLoadSinkConfig(properties).target();
        target = server;
        try (Connection connection = Connections.open(server, "changeover-load")) {
            Ledger.create(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        try {
            for (SinkRecord each : records) {
                take(each, TopicMessage.of(each));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static ConnectException failed(SQLException e) {
        return new ConnectException("The load failed: " + e.getMessage() + " (" + e.getSQLState() + ")", e);
    }

    private void take(SinkRecord from, TopicMessage message) throws SQLException {
        ServerSettings server = target;
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        if (message instanceof TopicMessage.Queue queue) {
            try (Connection connection = Connections.open(server, "changeover-load")) {
                LoadLedger.enqueue(connection, queue.tables());
            }
        } else if (message instanceof TopicMessage.Begin begin) {
            begin(server, begin, from);
        } else if (message instanceof TopicMessage.Rows rows) {
            Open to = open.get(rows.run());
            if (to != null) {
                to.copy().add(rows);
            }
        } else if (message instanceof TopicMessage.End end) {
            end(server, end);
        }
    }

    /** One that begins again replaces the one before, which will not be completed. */
    private void begin(ServerSettings server, TopicMessage.Begin begin, SinkRecord from) throws SQLException {
        TableName table = begin.table().table();
        for (Map.Entry<String, Open> each : List.copyOf(open.entrySet())) {
            if (each.getValue().copy().table().equals(table)) {
                LOG.info("The copy of table {} begins again", table);
                open.remove(each.getKey());
                each.getValue().copy().close();
            }
        }
        open.put(
                begin.run(),
                new Open(
                        ArrivingCopy.begin(server, begin),
                        new TopicPartition(from.topic(), from.kafkaPartition()),
                        from.kafkaOffset()));
    }

    private void end(ServerSettings server, TopicMessage.End end) throws SQLException {
        Open ended = open.get(end.run());
        if (ended == null) {
            requireLoaded(server, end.table());
            return;
        }
        ended.copy().end(end);
        open.remove(end.run()); // not before: Connect commits offsets of a task that fails, too
        ended.copy().close();
        LOG.info("Table {} is loaded: {} rows", end.table(), end.rows());
    }

    /** A copy without a beginning is one that another has replaced, or one whose beginning is lost. */
    private void requireLoaded(ServerSettings server, TableName table) throws SQLException {
        boolean comesAgain =
                open.values().stream().anyMatch(each -> each.copy().table().equals(table));
        try (Connection connection = Connections.open(server, "changeover-load")) {
            if (!comesAgain && !LoadLedger.isDone(connection, table)) {
                throw ArrivingCopy.missing(table, "the beginning of the rows");
            }
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
        Map<TopicPartition, OffsetAndMetadata> safe = new HashMap<>(current);
        for (Open each : open.values()) {
            safe.computeIfPresent(
                    each.partition(),
                    (partition, offset) ->
                            each.offset() < offset.offset() ? new OffsetAndMetadata(each.offset()) : offset);
        }
        return safe;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        giveUp(each -> partitions.contains(each.partition()));
    }

    @Override
    public void stop() {
        giveUp(each -> true);
    }

    private void giveUp(Predicate<Open> which) {
        for (Map.Entry<String, Open> each : List.copyOf(open.entrySet())) {
            if (which.test(each.getValue())) {
                open.remove(each.getKey());
                try {
                    each.getValue().copy().close();
                } catch (SQLException e) {
                    LOG.warn("The session of a copy that is given up was broken: {}", e.getMessage());
                }
            }
        }
    }

    @Override
    public String version() {
        return Version.current();
    }
}
