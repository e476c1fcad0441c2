package io.changeover.cutover;

import io.changeover.migration.CutoverResult.Phase;
import io.changeover.migration.Rehearsal;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.schema.MaterializedViews;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.GuardRefusedException;
import io.changeover.verify.HeldSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Rehearses a cutover: every step but the fence, and nothing that lasts. Applications go on writing; what a step does
 * to the target is done in a transaction that is rolled back, in which the sink may wait for a table for a moment.
 */
public final class Rehearsing {

    private static final String APPLICATION = "changeover-rehearsal";

    /** What is measured in place of what cannot be. */
    private static final Map<String, String> HOW = Map.of(
            "fence",
            "estimated: the same tables locked in ACCESS SHARE, which nobody waits for; writers may add up to 1.5 s",
            "drain",
            "measured with a marker, while applications write",
            "sequences",
            "estimated: read on both sides, not set",
            "triggers, rules and foreign keys",
            "measured in a transaction that is rolled back",
            "materialized views",
            "measured in a transaction that is rolled back",
            "read-only source",
            "estimated: two connections; ending sessions may add to it");

    private final Sides sides;
    private final Terms terms;
    private final Freeze freeze;
    private final MarkerWait marker;
    private final Scope scope;

    private Rehearsing(Sides sides, Terms terms, Freeze freeze, MarkerWait marker, Scope scope) {
        this.sides = sides;
        this.terms = terms;
        this.freeze = freeze;
        this.marker = marker;
        this.scope = scope;
    }

    /**
     * Rehearses.
     *
     * @param runs how many times, at least once
     * @throws CutoverGivenUp if a cutover could not succeed now
     */
    public static Rehearsal run(Sides sides, Terms terms, int runs, Clock clock) throws SQLException, CutoverGivenUp {
        try (Freeze freeze = new Freeze(terms.spec().maxFreeze(), terms.withdrawn(), Course.QUIET);
                MarkerWait marker = MarkerWait.prepare(
                        sides.source(), sides.target(), sides.names().changeTopic())) {
            marker.drain(terms, freeze, "before the rehearsal");
            Scope scope = Scope.read(marker.source(), sides.tables());
            Rehearsing rehearsing = new Rehearsing(sides, terms, freeze, marker, scope);
            List<List<Phase>> all = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                all.add(rehearsing.once());
            }
            return Rehearsal.of(clock.instant(), all, HOW);
        } catch (GuardRefusedException e) {
            throw new CutoverGivenUp(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Phase> once() throws SQLException, CutoverGivenUp {
        Spares spares = Spares.open(sides.source(), sides.target());
        try (LargeObjects objects = LargeObjects.open(sides.source(), sides.target())) {
            Phases phases = new Phases(System.nanoTime());
            lockAndLetGo();
            phases.end("fence");
            Requirements.published(marker.source(), sides.names().publication(), scope);
            Requirements.notTruncated(marker.source(), sides.names().publication());
            HeldSnapshot unused = HeldSnapshot.take(sides.source(), spares.source()); // ends with its connection
            marker.drain(terms, freeze, "in the rehearsal");
            Requirements.nothingLeftOut(marker.target(), sides.names().changeTopic());
            phases.end("drain");
            Requirements.guarded(marker.source(), marker.target());
            phases.end("foreign keys");
            Requirements.none(terms.verification()
                    .rest(marker.source(), marker.target(), terms.spec().maxFreeze()));
            phases.end("verification");
            sequences();
            phases.end("sequences");
            inVain(ConstraintGuard::restore);
            phases.end("triggers, rules and foreign keys");
            inVain(target -> MaterializedViews.refresh(marker.source(), target, scope));
            phases.end("materialized views");
            connect(sides.source());
            connect(sides.target());
            Requirements.triggersOn(sides.target());
            phases.end("read-only source");
            objects.run(terms.spec().maxFreeze());
            phases.end("large objects");
            return phases.all();
        } finally {
            spares.close();
        }
    }

    private void lockAndLetGo() throws SQLException {
        try (Connection connection = Connections.open(sides.source(), APPLICATION);
                Statement statement = connection.createStatement()) {
            List<TableName> tables = UserTables.writable(connection);
            connection.setAutoCommit(false);
            statement.execute("set local lock_timeout = '1500ms'");
            statement.execute(tables.stream()
                            .map(TableName::quoted)
                            .collect(Collectors.joining(", only ", "lock table only ", ""))
                    + " in access share mode");
            connection.rollback();
        }
    }

    private void sequences() throws SQLException, CutoverGivenUp {
        Map<TableName, Sequences.State> wanted = new TreeMap<>(Sequences.read(marker.source()));
        wanted.keySet().removeIf(scope::leavesOut);
        List<TableName> missing = new ArrayList<>(wanted.keySet());
        Map<TableName, Sequences.State> there = Sequences.read(marker.target());
        missing.removeIf(there::containsKey);
        if (!missing.isEmpty()) {
            throw new CutoverGivenUp("Sequences of the source are not on the target: " + missing);
        }
    }

    /** What is done on the target, and not committed. */
    @FunctionalInterface
    private interface Vain {
        Object run(Connection target) throws SQLException;
    }

    private void inVain(Vain work) throws SQLException {
        Connection target = marker.target();
        target.setAutoCommit(false);
        try (Statement statement = target.createStatement()) {
            statement.execute("set local lock_timeout = '5s'");
            work.run(target);
        } finally {
            target.rollback();
            target.setAutoCommit(true);
        }
    }

    private static void connect(ServerSettings server) throws SQLException {
        Connections.open(server, APPLICATION).close();
    }
}
