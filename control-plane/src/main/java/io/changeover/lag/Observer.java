package io.changeover.lag;

import io.changeover.kafka.KafkaClients;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.ledger.StreamLedger;
import io.changeover.migration.Names;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.schema.Filenodes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Looks at a database pair: both servers, the ledger, the change topic. Keeps its connections. Not thread-safe. */
public final class Observer implements AutoCloseable {

    private final ServerSettings source;
    private final ServerSettings target;
    private final KafkaClients kafka;
    private final Names names;
    private final boolean targetIsClosed;
    private final Clock clock;
    private final LagClock lag = new LagClock();
    private final FlowMeter flow = new FlowMeter();
    private final OpenTransactions transactions;
    private final TableLooks tables;
    private final Share sourceSends = new Share();
    private final Share targetReads = new Share();
    private @Nullable Connection sourceConnection;
    private @Nullable Connection targetConnection;
    private @Nullable CapturedChanges captured;
    private LogSequenceNumber lastPosition = LogSequenceNumber.INVALID_LSN;

    /**
     * Of a pair.
     *
     * @param targetIsClosed whether it is right that applications cannot write to the target: it is the old source
     */
    public Observer(
            ServerSettings source,
            ServerSettings target,
            KafkaClients kafka,
            Names names,
            boolean targetIsClosed,
            Clock clock) {
        this.targetIsClosed = targetIsClosed;
        this.source = source;
        this.target = target;
        this.kafka = kafka;
        this.names = names;
        this.clock = clock;
        this.transactions = new OpenTransactions(clock);
        this.tables = new TableLooks(kafka, names, clock);
    }

    /**
     * Looks once.
     *
     * @param loads whether the load has been started, so that its topic exists
     * @throws SQLException if a server does not answer; the next look connects again
     */
    public Progress observe(boolean loads) throws SQLException {
        try {
            Connection to = target();
            if (!Ledger.exists(to)) {
                return Progress.none(clock.instant());
            }
            Optional<StreamLedger.Progress> stream = StreamLedger.progress(to, names.changeTopic());
            Optional<CapturedChanges> read = stream.map(at -> captured(at.position()));
            if (loads) {
                tables.readLoadProgress();
            }
            tables.look(to, read.map(CapturedChanges::count));
            long applied = StreamLedger.changes(to, names.changeTopic());
            Connection from = source();
            Instant asked = clock.instant();
            SourceLook look = SourceLook.read(from, names.slot());
            Duration took = Duration.between(asked, clock.instant());
            Instant askedThere = clock.instant();
            TargetLook there = TargetLook.read(to, names.changeTopic());
            Duration targetTook = Duration.between(askedThere, clock.instant());
            Optional<Pending> pending = read.isPresent() && stream.isPresent()
                    ? Optional.of(pending(look, read.get(), stream.get().position(), applied))
                    : Optional.empty();
            return new Progress(
                    clock.instant(),
                    tables.last(),
                    tables.speed(),
                    look.horizon(),
                    IndexProgress.read(to),
                    stream.map(StreamLedger.Progress::transactions).orElse(0L),
                    pending,
                    look.slot(),
                    signs(from, there, look, took, targetTook),
                    look.slot().isPresent() ? warnings(look.slot().get(), there) : List.of(),
                    QuarantineLedger.entries(to, names.changeTopic()));
        } catch (SQLException e) {
            disconnect();
            throw e;
        } catch (AuthenticationException e) {
            forgetTopics(); // those that are made anew use the password as it is then
            throw e;
        }
    }

    private void forgetTopics() {
        CapturedChanges reader = captured;
        captured = null;
        if (reader != null) {
            reader.close();
        }
        tables.forgetTopic();
    }

    private CapturedChanges captured(StreamLedger.Position position) {
        CapturedChanges reader = captured;
        if (reader != null && position.commitLsn().compareTo(lastPosition) < 0) {
            reader.close(); // sent back for a table that was loaded again: what lies between is pending again
            reader = null;
        }
        lastPosition = position.commitLsn();
        if (reader == null) {
            reader = new CapturedChanges(kafka, names.changeTopic(), position.topicOffset(), position.commitLsn());
            captured = reader;
        }
        reader.read(position.commitLsn());
        return reader;
    }

    private Signs signs(Connection from, TargetLook there, SourceLook look, Duration sourceTook, Duration targetTook)
            throws SQLException {
        return new Signs(
                there.standby(),
                there.lockWait(),
                transactions.look(from),
                sourceSends.look(look.sends()),
                targetReads.look(there.reads()),
                sourceTook,
                targetTook);
    }

    private Pending pending(
            SourceLook look, CapturedChanges changes, StreamLedger.Position position, long appliedChanges) {
        Instant now = clock.instant();
        ChangeCount count = changes.count();
        lag.observe(now, look.sourceLsn());
        Duration behind = lag.behind(now, position.commitLsn());
        return new Pending(
                count.pending(),
                Math.max(0, changes.topicEnd() - position.topicOffset()),
                count.bytes(position.topicOffset()),
                Math.max(0, look.sourceLsn().asLong() - count.lastEnd().asLong()),
                look.sourceLsn(),
                look.confirmed(),
                count.lastEnd(),
                position.commitLsn(),
                behind.toMillis(),
                flow.look(now, appliedChanges, count.pending(), look.sourceLsn(), position.commitLsn(), behind));
    }

    /** The publication was made before the slot, and with it what is asked here. */
    private List<String> warnings(Slot slot, TargetLook there) throws SQLException {
        List<String> warnings = new ArrayList<>(slot.warnings());
        there.warning().filter(closed -> !targetIsClosed).ifPresent(warnings::add);
        Filenodes.complaint(source(), names.publication()).ifPresent(warnings::add);
        return warnings;
    }

    private Connection source() throws SQLException {
        Connection open = sourceConnection;
        if (open == null) {
            open = Connections.open(source, "changeover-observer");
            sourceConnection = open;
        }
        return open;
    }

    private Connection target() throws SQLException {
        Connection open = targetConnection;
        if (open == null) {
            open = Connections.open(target, "changeover-observer");
            targetConnection = open;
        }
        return open;
    }

    private void disconnect() {
        for (Connection connection : new @Nullable Connection[] {sourceConnection, targetConnection}) {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException e) {
                // it is broken already; the next look opens another
            }
        }
        sourceConnection = null;
        targetConnection = null;
    }

    @Override
    public void close() {
        disconnect();
        tables.close();
        if (captured != null) {
            captured.close();
        }
    }
}
