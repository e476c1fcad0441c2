package io.changeover.leader;

import io.changeover.ledger.LeaderLedger;
import io.changeover.ledger.LeaderLedger.Leader;
import io.changeover.ledger.Ledger;
import io.changeover.migration.Side;
import io.changeover.postgres.Admission;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control plane's time as the leader of one pair. Nothing that it does is done after a successor's
 * {@link #takeOver}:
 *
 * <ul>
 *   <li>Each session that it opens on either server bears its epoch in {@code application_name}, and is let in only if
 *       the target's ledger names no larger one: after the session is there, before it is used.
 *   <li>A successor writes its epoch into the ledger first, then ends the sessions with smaller ones on both servers,
 *       and goes on when they are gone. So a session was either opened before that, and is ended, or is not let in.
 *   <li>Kafka and Kafka Connect cannot tell one control plane from another. They are asked while the ledger's row is
 *       locked, for which the successor waits, though not for a process that has stopped: see docs/decisions/0023.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class Tenure implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);
    private static final String APPLICATION = "changeover-lead";
    private static final Duration WAIT_FOR_HOLDER = Duration.ofSeconds(5);

    /** Longer than a holder is waited for. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Leader self;
    private final Mark mark;
    private final ServerSettings source;
    private final ServerSettings target;
    private final Standing standing;
    private final Duration waitForHolder;
    private volatile Set<Side> gone = Set.of();
    private @Nullable Connection asking;

    /**
     * A tenure, of which nobody knows until {@link #takeOver}.
     *
     * @param stream the pair's change topic
     */
    public Tenure(Leader self, String stream, ServerSettings source, ServerSettings target, Standing standing) {
        this(self, stream, source, target, standing, WAIT_FOR_HOLDER);
    }

    /** The same, and waits so long for a request to Kafka or Kafka Connect that a predecessor has sent. */
    Tenure(
            Leader self,
            String stream,
            ServerSettings source,
            ServerSettings target,
            Standing standing,
            Duration waitForHolder) {
        this.self = self;
        this.mark = new Mark(stream, self.epoch());
        this.source = source.withAdmission(new Marked(mark));
        this.target = target.withAdmission(new Marked(mark));
        this.standing = standing;
        this.waitForHolder = waitForHolder;
    }

    /** For the sessions with which the lead itself is taken and asked for. */
    private record Marked(Mark of) implements Admission {

        @Override
        public String mark() {
            return of.toString();
        }

        @Override
        public void admit(Connection session) {}
    }

    /** Asks the ledger about a session on the target in the session itself, about one on the source in another. */
    private final class OfLeader implements Admission {

        private final boolean onTarget;

        OfLeader(boolean onTarget) {
            this.onTarget = onTarget;
        }

        @Override
        public String mark() {
            return mark.toString();
        }

        @Override
        public void admit(Connection session) throws SQLException {
            if (!isThere(Side.TARGET)) {
                standing.require();
                return;
            }
            if (onTarget) {
                requireSelf(LeaderLedger.read(session, mark.stream()));
            } else {
                admitToSource();
            }
        }
    }

    /**
     * From now on nothing is asked of these servers. Without a target there is no ledger: before each session, and
     * before each request to Kafka and Kafka Connect, the state topic is asked who leads. A successor ends the sessions
     * on the source as before; for a request that is under way it does not wait.
     */
    public void abandon(Set<Side> servers) {
        gone = Set.copyOf(servers);
    }

    private boolean isThere(Side side) {
        return !gone.contains(side);
    }

    /**
     * A target that is gone keeps nobody from making the source writable again: the state topic is asked instead.
     * Whoever opens it later cannot lead before the target is back, and ends this session then.
     */
    private void admitToSource() throws SQLException {
        Optional<Leader> leader;
        try {
            leader = ask();
        } catch (SQLException e) {
            if (!isGone(e)) {
                throw e;
            }
            standing.require();
            LOG.warn("The target does not say who leads {}; the state topic does", mark.stream(), e);
            return;
        }
        requireSelf(leader);
    }

    private static boolean isGone(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    /** Settings for sessions on the source. */
    public ServerSettings source() {
        return source.withAdmission(new OfLeader(false));
    }

    /** Settings for sessions on the target. */
    public ServerSettings target() {
        return target.withAdmission(new OfLeader(true));
    }

    /**
     * Takes the lead: from now on nothing that a control plane with a smaller epoch does takes effect on either server.
     * Before the target has a ledger nothing is recorded there. May be called again at any time.
     *
     * @throws Superseded if one with a larger epoch leads
     * @throws SQLException if a server cannot be reached, or a session of a predecessor does not end
     */
    public void takeOver() throws SQLException {
        if (isThere(Side.TARGET)) {
            takeOverTarget();
        } else {
            standing.require();
        }
        if (isThere(Side.SOURCE)) {
            try (Connection session = Connections.open(source, APPLICATION)) {
                Predecessors.end(session, mark);
            }
        }
    }

    private void takeOverTarget() throws SQLException {
        try (Connection session = Connections.open(target, APPLICATION)) {
            if (Ledger.exists(session)) {
                claim(session);
            } else {
                standing.require();
            }
            Predecessors.end(session, mark);
        }
    }

    /** The same, and makes the ledger if it is not there. */
    public void begin() throws SQLException {
        try (Connection session = Connections.open(target, APPLICATION)) {
            Ledger.create(session);
        }
        takeOver();
    }

    private void claim(Connection session) throws SQLException {
        Ledger.create(session); // one of an earlier version has no leaders
        if (LeaderLedger.read(session, mark.stream()).isEmpty()) {
            standing.require(); // a successor may have finished with it
        }
        Leader leader;
        try (Statement statement = session.createStatement()) {
            statement.execute("set lock_timeout = '" + waitForHolder.toMillis() + "ms'");
            leader = claimFromHolder(session);
            statement.execute("set lock_timeout = 0");
        }
        if (leader.epoch() > self.epoch()) {
            throw Superseded.by(mark.stream(), leader);
        }
    }

    /** Whoever holds the row may have stopped with it in hand. */
    private Leader claimFromHolder(Connection session) throws SQLException {
        try {
            return LeaderLedger.claim(session, mark.stream(), self);
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            Predecessors.end(session, mark);
            return LeaderLedger.claim(session, mark.stream(), self);
        }
    }

    /**
     * Does something in Kafka or Kafka Connect, if this control plane leads; a successor waits for its end.
     *
     * @param what for the log
     * @throws Superseded if another one leads; nothing is done
     */
    public synchronized <T> T during(String what, Supplier<T> effect) throws SQLException {
        if (!isThere(Side.TARGET)) {
            standing.require();
            return effect.get();
        }
        requireSelf(ask());
        Connection session = session();
        session.setAutoCommit(false);
        try {
            requireSelf(held(session));
            return effect.get();
        } finally {
            letGo(session, what);
        }
    }

    private Optional<Leader> held(Connection session) throws SQLException {
        return Ledger.exists(session) ? LeaderLedger.hold(session, mark.stream()) : Optional.empty();
    }

    private void letGo(Connection session, String what) {
        try {
            session.rollback();
            session.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.warn(
                    "The lead of {} was lost during: {}. If another control plane has taken over, that may have come late",
                    mark.stream(),
                    what,
                    e);
            forget();
        }
    }

    private void requireSelf(Optional<Leader> leader) throws SQLException {
        if (leader.isPresent() && leader.get().epoch() > self.epoch()) {
            throw Superseded.by(mark.stream(), leader.get());
        }
        if (leader.isEmpty() || leader.get().epoch() < self.epoch()) {
            takeOver(); // it was not taken yet, or a target that was restored has forgotten it
        }
    }

    /** A session that was lost since the last time is opened again. */
    private synchronized Optional<Leader> ask() throws SQLException {
        boolean isNew = asking == null;
        try {
            return LeaderLedger.read(session(), mark.stream());
        } catch (SQLException e) {
            forget();
            if (isNew) {
                throw e;
            }
            return LeaderLedger.read(session(), mark.stream());
        }
    }

    private Connection session() throws SQLException {
        Connection session = asking;
        if (session == null) {
            session = Connections.open(target, APPLICATION, ANSWER);
            asking = session;
        }
        return session;
    }

    private synchronized void forget() {
        Connection session = asking;
        asking = null;
        if (session != null) {
            try {
                session.close();
            } catch (SQLException e) {
                LOG.debug("A session that asked who leads {} did not close", mark.stream(), e);
            }
        }
    }

    @Override
    public void close() {
        forget();
    }
}
