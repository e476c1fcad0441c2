package io.changeover.runner;

import io.changeover.cutover.Cutover;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.Fence;
import io.changeover.cutover.LargeObjects;
import io.changeover.cutover.Rehearsing;
import io.changeover.cutover.Terms;
import io.changeover.former.FormerLook;
import io.changeover.kafka.KafkaCluster;
import io.changeover.leader.Tenure;
import io.changeover.ledger.Ledger;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.Evidence;
import io.changeover.migration.Rehearsal;
import io.changeover.migration.Side;
import io.changeover.migration.SourceCounts;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.spec.CutoverSpec;
import io.changeover.verify.CatalogComparison;
import io.changeover.verify.HeldSnapshot;
import io.changeover.verify.live.Verification;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work on real servers: {@link Steps}, {@link Connectors}, and the {@link Cutover} that holds the source's locks.
 */
final class PairWork implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(PairWork.class);

    private final Pair pair;
    private final Steps steps;
    private final Connectors connectors;
    private final KafkaCluster cluster;
    private final Tenure tenure;
    private final Verification verification;
    private final FenceGate gate;
    private final PairBackWork back;
    private final CutoverHooks hooks;
    private final HeldCutover held;
    private final Consumer<SourceCounts> left;
    private @Nullable HeldSnapshot sourceRows;
    private CatalogComparison.@Nullable Catalog sourceDefinitions;

    PairWork(
            Pair pair,
            Connectors connectors,
            Topics topics,
            KafkaCluster cluster,
            Tenure tenure,
            FenceGate gate,
            PairBackWork back,
            CutoverHooks hooks,
            Consumer<SourceCounts> left)
            throws IOException {
        this.pair = pair;
        this.hooks = hooks;
        this.held = new HeldCutover(pair.names().slot(), hooks);
        this.left = left;
        this.gate = gate;
        this.verification = gate.verification();
        this.tenure = tenure;
        this.cluster = cluster;
        this.connectors = connectors;
        this.back = back;
        this.steps = new Steps(pair, connectors, topics);
    }

    @Override
    public void abandon(Set<Side> servers) {
        tenure.abandon(servers);
        steps.abandon(servers);
    }

    @Override
    public List<String> leftovers() throws SQLException {
        return steps.leftovers();
    }

    @Override
    public void takeOver() throws SQLException {
        tenure.takeOver();
    }

    @Override
    public Evidence.Preflight preflight() throws StepFailed {
        return steps.preflight(cluster);
    }

    @Override
    public void structure() throws StepFailed, SQLException, IOException, InterruptedException {
        tenure.begin();
        steps.structure();
    }

    @Override
    public void publication() throws StepFailed, SQLException {
        steps.publication();
    }

    @Override
    public boolean capture() throws StepFailed, SQLException {
        return connectors.capture();
    }

    @Override
    public Optional<LogSequenceNumber> load() throws StepFailed, SQLException {
        return steps.load();
    }

    @Override
    public void indexes() throws StepFailed, SQLException, IOException, InterruptedException {
        steps.indexes();
    }

    @Override
    public boolean applied(LogSequenceNumber upTo) throws StepFailed, SQLException {
        return steps.applied(upTo);
    }

    @Override
    public void foreignKeys() throws SQLException, IOException, InterruptedException {
        steps.foreignKeys();
    }

    @Override
    public LargeObjects.Pass largeObjects() throws SQLException {
        return steps.largeObjects();
    }

    @Override
    public void statistics() throws SQLException {
        steps.statistics();
    }

    @Override
    public boolean capturing() throws StepFailed {
        return connectors.capturing();
    }

    @Override
    public boolean following() throws StepFailed {
        return connectors.following();
    }

    @Override
    public List<String> guardProblems() throws SQLException {
        verification.follow();
        List<String> problems = new ArrayList<>(steps.guardProblems());
        problems.addAll(verification.problems());
        return problems;
    }

    @Override
    public void reload(TableName table) throws StepFailed, SQLException {
        verification.rest();
        verification.forget(table);
        steps.reload(table);
    }

    @Override
    public CutoverResult cutOver(
            CutoverSpec spec, Supplier<Optional<String>> withdrawn, Supplier<Optional<String>> late)
            throws SQLException, CutoverGivenUp {
        Terms terms = Terms.of(spec, gate, withdrawn)
                .unless(late)
                .with(back.takeOver())
                .with(hooks.begin());
        connectors.sinkWillBeFenced();
        return held.perform(pair.sides(), terms);
    }

    @Override
    public Optional<String> settle() {
        return held.settle();
    }

    @Override
    public void undo() throws SQLException {
        Optional<String> why = settle();
        letGo();
        rollBack(why.orElse("It was aborted"));
    }

    @Override
    public Rehearsal rehearse(CutoverSpec spec, int runs) throws SQLException, CutoverGivenUp {
        return Rehearsing.run(pair.sides(), Terms.of(spec, gate, Optional::empty), runs, Clock.systemUTC());
    }

    @Override
    public void recorded() throws SQLException {
        hooks.completed();
        Optional<Cutover> cutover = held.get();
        if (cutover.isPresent()) {
            count();
            cutover.get().finish();
        }
        verification.rest();
        connectors.deleteSink();
    }

    /** While nobody can write: what is more later, somebody has written in spite of all. */
    private void count() {
        try {
            left.accept(new FormerLook(pair.source(), Clock.systemUTC()).counts());
        } catch (SQLException e) {
            LOG.warn(
                    "{}: the source's statistics cannot be read now; they will be later",
                    pair.names().slot(),
                    e);
        }
    }

    @Override
    public void rollBack() throws SQLException {
        rollBack("It was interrupted");
    }

    /** Whoever waits for the source does not wait for the target to answer. */
    private void rollBack(String why) throws SQLException {
        Fence.readOnly(pair.source(), false);
        hooks.givenUp(why);
        Cutover.rollBack(pair.source(), pair.target());
    }

    @Override
    public ComparisonResult compare() throws SQLException, InterruptedException {
        hooks.completed(); // if an earlier process has ended before they had
        Comparing comparing = new Comparing(pair, Optional.ofNullable(sourceDefinitions));
        HeldSnapshot source = sourceRows;
        return held.get().isEmpty() && source != null ? comparing.run(source) : comparing.run(held.get());
    }

    @Override
    public BackWork back() {
        return back;
    }

    @Override
    public void hold() throws SQLException {
        if (sourceDefinitions != null) {
            return;
        }
        try (Connection source = Connections.open(pair.source(), "changeover-verify");
                Connection target = Connections.open(pair.target(), "changeover-verify")) {
            if (Ledger.exists(source) && ConstraintGuard.isRaised(source)) {
                return; // an earlier process has started what changes it
            }
            sourceRows = held.get().isEmpty() ? HeldSnapshot.take(pair.source()) : null;
            sourceDefinitions = CatalogComparison.read(source, target);
        }
    }

    @Override
    public Evidence.Ledger evidence() throws SQLException {
        return LedgerEvidence.read(pair, Clock.systemUTC());
    }

    @Override
    public boolean cleanUp() throws SQLException {
        return steps.cleanUp();
    }

    @Override
    public boolean halt(boolean captureToo) {
        verification.rest();
        return connectors.halt(captureToo);
    }

    @Override
    public void resume() {
        connectors.resume();
    }

    @Override
    public boolean cancel() throws StepFailed, SQLException, InterruptedException {
        verification.rest();
        return steps.cancel();
    }

    @Override
    public boolean finish() throws SQLException {
        return steps.finish();
    }

    @Override
    public void letGo() {
        HeldSnapshot source = sourceRows;
        sourceRows = null;
        sourceDefinitions = null;
        if (source != null) {
            try {
                source.close();
            } catch (SQLException e) {
                LOG.warn(
                        "{}: the snapshot of the source did not close",
                        pair.names().slot(),
                        e);
            }
        }
        held.letGo();
    }

    @Override
    public void close() {
        verification.close();
        letGo();
        back.close();
        steps.close();
        tenure.close();
    }
}
