package io.changeover.runner;

import io.changeover.contract.Marker;
import io.changeover.cutover.Cutover;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.Fence;
import io.changeover.cutover.TakeOver;
import io.changeover.cutover.Terms;
import io.changeover.fallback.ReadyToCapture;
import io.changeover.fallback.StartOfTheWayBack;
import io.changeover.fault.CrashPoint;
import io.changeover.kafka.KafkaClients;
import io.changeover.ledger.Ledger;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.postgres.Connections;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.spec.CutoverSpec;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The way back on real servers: {@link Steps}, {@link Connectors} and {@link Cutover} with the sides exchanged. */
final class PairBackWork implements BackWork {

    private final Pair back;
    private final Steps steps;
    private final Connectors connectors;
    private final KafkaClients kafka;
    private final BackGate gate;
    private final CutoverHooks hooks;
    private final HeldCutover held;
    private Marker marker = new Marker(UUID.randomUUID().toString());
    private boolean isPrepared;

    /**
     * The work.
     *
     * @param back the pair with its sides exchanged, whose sessions are those of the pair's leader
     * @param hooks of its rollbacks
     */
    PairBackWork(Pair back, Connectors connectors, Topics topics, KafkaClients kafka, BackGate gate, CutoverHooks hooks)
            throws IOException {
        this.hooks = hooks;
        this.held = new HeldCutover(back.names().slot(), hooks);
        this.gate = gate;
        this.back = back;
        this.connectors = connectors;
        this.kafka = kafka;
        this.steps = new Steps(back, connectors, topics);
    }

    @Override
    public boolean prepare() throws StepFailed, SQLException {
        try (Connection oldSource = Connections.open(back.target(), "changeover-control")) {
            Ledger.create(oldSource);
        }
        CrashPoint.FALLBACK_AFTER_LEDGER.hit();
        steps.publication();
        CrashPoint.FALLBACK_AFTER_PUBLICATION.hit();
        isPrepared = connectors.capture();
        if (isPrepared) {
            CrashPoint.FALLBACK_AFTER_CAPTURE.hit();
        }
        return isPrepared;
    }

    /** What arms the way back, for the next cutover. */
    TakeOver takeOver() {
        if (!isPrepared) {
            return TakeOver.NOTHING;
        }
        marker = new Marker(UUID.randomUUID().toString());
        return new ReadyToCapture(back.names().slot(), marker);
    }

    @Override
    public String marker() {
        return marker.id();
    }

    /** The guard first: a sink must not find triggers and foreign keys that act. */
    @Override
    public boolean start(String id) throws StepFailed, SQLException {
        if (!StartOfTheWayBack.set(back.target(), kafka, back.names().changeTopic(), new Marker(id))) {
            connectors.capturing();
            return false;
        }
        CrashPoint.FALLBACK_AFTER_POSITION.hit();
        try (Connection oldSource = Connections.open(back.target(), "changeover-control")) {
            ConstraintGuard.raise(oldSource);
        }
        CrashPoint.FALLBACK_AFTER_GUARD.hit();
        connectors.sink();
        CrashPoint.FALLBACK_AFTER_SINK.hit();
        return true;
    }

    @Override
    public boolean following() throws StepFailed {
        return connectors.following();
    }

    @Override
    public List<String> guardProblems() throws SQLException {
        gate.follow();
        List<String> problems = new ArrayList<>(steps.guardProblems());
        problems.addAll(gate.problems());
        return problems;
    }

    @Override
    public CutoverResult switchBack(CutoverSpec spec, Supplier<Optional<String>> withdrawn)
            throws SQLException, CutoverGivenUp {
        Terms terms = Terms.of(spec, gate, withdrawn)
                .with(hooks.begin())
                .telling(point -> point.inRollback().hit());
        connectors.sinkWillBeFenced();
        return held.perform(back.sides(), terms);
    }

    @Override
    public Optional<String> settle() {
        return held.settle();
    }

    @Override
    public void undo() throws SQLException {
        String why = held.get().isEmpty() ? "It was interrupted" : settle().orElse("It was aborted");
        letGo();
        Fence.readOnly(back.source(), false); // whoever waits for it does not wait for the old source to answer
        hooks.givenUp(why);
        Cutover.rollBack(back.source(), back.target());
    }

    @Override
    public void open() throws SQLException {
        Fence.readOnly(back.target(), false);
        CrashPoint.ROLLBACK_AFTER_OPEN.hit();
        hooks.completed();
        Optional<Cutover> cutover = held.get();
        if (cutover.isPresent()) {
            cutover.get().finish();
        }
        CrashPoint.ROLLBACK_AFTER_UNLOCK.hit();
        gate.rest();
        connectors.deleteSink();
    }

    @Override
    public ComparisonResult compare() throws SQLException, InterruptedException {
        hooks.completed(); // if they were interrupted
        return new Comparing(back).run(held.get());
    }

    @Override
    public boolean cleanUp() throws SQLException {
        return steps.cleanUp();
    }

    @Override
    public boolean remove() throws StepFailed, SQLException, InterruptedException {
        isPrepared = false;
        gate.rest();
        return steps.cancel();
    }

    @Override
    public void releaseTarget() throws SQLException {
        Fence.readOnly(back.source(), false);
    }

    @Override
    public void letGo() {
        held.letGo();
    }

    @Override
    public void close() {
        gate.close();
        letGo();
        steps.close();
    }
}
