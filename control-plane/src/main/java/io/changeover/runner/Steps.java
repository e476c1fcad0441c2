package io.changeover.runner;

import io.changeover.cutover.Fence;
import io.changeover.cutover.LargeObjects;
import io.changeover.ddl.DdlRecorder;
import io.changeover.kafka.KafkaCluster;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LimitLedger;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.ReloadLedger;
import io.changeover.ledger.StreamLedger;
import io.changeover.load.Reload;
import io.changeover.migration.Evidence;
import io.changeover.migration.Side;
import io.changeover.postgres.Admission;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.postgres.WalFunctions;
import io.changeover.preflight.Finding;
import io.changeover.preflight.FindingsText;
import io.changeover.preflight.Preflight;
import io.changeover.preflight.PreflightReport;
import io.changeover.preflight.PreflightRequest;
import io.changeover.preflight.Severity;
import io.changeover.preflight.Tools;
import io.changeover.roles.StructureReport;
import io.changeover.schema.ExistingIndexes;
import io.changeover.schema.ForeignKey;
import io.changeover.schema.Publication;
import io.changeover.schema.ReplicaIdentities;
import io.changeover.schema.SchemaCopy;
import io.changeover.schema.SchemaException;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.ForeignKeyFacts;
import io.changeover.sink.guard.GuardCatalog;
import io.changeover.sink.guard.GuardRefusedException;
import io.changeover.sink.guard.Guarding;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import io.changeover.verify.ForeignKeyProofs;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the steps up to the moment at which the target follows the source. Each can be called again at any time
 * and then goes on where it was. Not thread-safe.
 */
final class Steps implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    /** Then the operator reads why it takes so long, and it is tried again. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(20);

    /** So that a stop does not wait for long. */
    private static final Duration AT_A_TIME = Duration.ofSeconds(2);

    private static final int INDEX_SESSIONS = 4;

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Pair pair;
    private final Connectors connectors;
    private final Topics topics;
    private final SchemaCopy schema;
    private final StructureReport report;
    private final EarlyIndexes early;
    private final ReplicaIdentities identities;
    private @Nullable LargeObjects objects;
    private Set<Side> gone = Set.of();

    Steps(Pair pair, Connectors connectors, Topics topics) throws IOException {
        this.pair = pair;
        this.topics = topics;
        this.connectors = connectors;
        Files.createDirectories(pair.workDirectory());
        this.schema = new SchemaCopy(pair.source(), pair.target(), selection(), pair.workDirectory());
        this.report =
                new StructureReport(pair.source(), pair.target(), pair.spec().roles());
        this.early = new EarlyIndexes(schema);
        this.identities = new ReplicaIdentities(pair.source(), pair.target(), selection(), LOCK_PATIENCE);
    }

    /** From now on nothing is asked of these servers. */
    void abandon(Set<Side> servers) {
        gone = Set.copyOf(servers);
    }

    /** What was made on servers that are gone, and stays there. */
    List<String> leftovers() throws SQLException {
        boolean recorded = gone.contains(Side.SOURCE) && isThere(Side.TARGET);
        return Leftovers.of(pair, gone, recorded ? identities.undo() : List.of());
    }

    private boolean isThere(Side side) {
        return !gone.contains(side);
    }

    /** Looks at both servers, Kafka and Kafka Connect; throws if something blocks. */
    Evidence.Preflight preflight(KafkaCluster cluster) throws StepFailed {
        PreflightRequest request = new PreflightRequest(
                List.of(PreflightRequest.pair(
                        pair.source().withAdmission(Admission.OPEN),
                        pair.target().withAdmission(Admission.OPEN),
                        pair.names(),
                        selection())),
                pair.spec().schema(),
                pair.spec().replicaIdentity(),
                false,
                pair.spec().roles(),
                pair.spec().ddl().eventTrigger(),
                Optional.of(PreflightRequest.cluster(cluster, pair.spec(), List.of(pair.pair()))),
                pair.spec().fallback().enabled());
        PreflightReport report = new Preflight(Tools::onPath, Clock.systemUTC()).check(request);
        List<Finding> blocking = report.findings().stream()
                .filter(finding -> finding.severity() == Severity.BLOCKS)
                .toList();
        if (!blocking.isEmpty()) {
            throw new StepFailed("The preflight found what must be mended first:\n" + FindingsText.render(blocking));
        }
        return new Evidence.Preflight(
                report.at(),
                report.findings().stream()
                        .map(finding -> new Evidence.Finding(
                                finding.code(), finding.severity().name(), finding.object(), finding.message()))
                        .toList());
    }

    /** Makes the target's tables, roles and rights, and the ledger. */
    void structure() throws StepFailed, SQLException, IOException, InterruptedException {
        if (copies()) {
            requireOurs(schema.copyStructure());
            report.write();
        }
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            ConstraintGuard.raise(target);
            limit(target);
        }
        if (pair.spec().load().existingIndexes() == ExistingIndexMode.REBUILD) {
            dropIndexes();
        }
    }

    /** A table that is copied has none yet. */
    private void dropIndexes() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control")) {
            Scope scope = Scope.read(source, selection());
            int dropped = new ExistingIndexes(pair.target(), LOCK_PATIENCE).drop(scope::hasRows);
            LOG.info(
                    "{}: {} indexes of the target are dropped for the load",
                    pair.names().slot(),
                    dropped);
        }
    }

    private void limit(Connection target) throws SQLException {
        LoadSpec load = pair.spec().load();
        if (load.readers().isPresent() || load.bytesPerSecond().isPresent()) {
            LimitLedger.write(
                    target,
                    new LimitLedger.Limits(
                            load.readers().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                            load.bytesPerSecond().map(OptionalLong::of).orElseGet(OptionalLong::empty)));
        }
    }

    /**
     * Makes the publication, on an older source with the table for markers. A table that cannot be published as it is,
     * such as one that was made since the preflight, never stays in it: the application could not update it.
     */
    void publication() throws StepFailed, SQLException {
        if (pair.spec().replicaIdentity() == ReplicaIdentityMode.FULL_WHERE_MISSING) {
            identities.complete();
        }
        requireIdentities();
        Publication.create(pair.source(), pair.names().publication(), selection());
        recordDdl();
        try {
            requireIdentities();
        } catch (StepFailed e) {
            Publication.drop(pair.source(), pair.names().publication());
            throw e;
        }
    }

    private void recordDdl() throws StepFailed, SQLException {
        if (!pair.spec().ddl().eventTrigger()) {
            return;
        }
        try {
            DdlRecorder.create(pair.source(), pair.names().publication());
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw new StepFailed("CO-1226: the role " + pair.source().user() + " may not make event triggers on the"
                        + " source (" + e.getMessage() + "). Give it the right, then start the migration again, or"
                        + " cancel it and leave out ddl.eventTrigger");
            }
            throw e;
        }
    }

    private void requireIdentities() throws StepFailed, SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control")) {
            List<TableName> missing = ReplicaIdentities.missing(source, selection());
            if (!missing.isEmpty()) {
                throw new StepFailed("Tables of the source have no usable replica identity, so that the application's"
                        + " own UPDATE and DELETE would fail if they were published, or before PostgreSQL 10 could not"
                        + " be replayed: " + missing + ". For each: alter table … replica identity full; then start the"
                        + " migration again");
            }
        }
    }

    /** Whether the capture runs and its first offset is stored. */
    boolean capture() throws StepFailed, SQLException {
        return connectors.capture();
    }

    /** The source's WAL position after the last table was loaded, once it was. */
    Optional<LogSequenceNumber> load() throws StepFailed, SQLException {
        connectors.capturing();
        connectors.applying();
        boolean running = connectors.load();
        if (!running || !allLoaded()) {
            return Optional.empty();
        }
        connectors.stopLoad();
        return Optional.of(sourcePosition());
    }

    /**
     * Has a table loaded again, or one that was made since, for the first time.
     *
     * @throws StepFailed if it cannot be published
     */
    void reload(TableName table) throws StepFailed, SQLException {
        requireIdentity(table);
        Publication.add(pair.source(), pair.names().publication(), table);
        Reload.begin(pair.source(), pair.target(), pair.names().changeTopic(), table);
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Connection target = Connections.open(pair.target(), "changeover-control")) {
            new ForeignKeyProofs(source, target, copies()).forget(table);
        }
    }

    private void requireIdentity(TableName table) throws StepFailed, SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control")) {
            if (ReplicaIdentities.missing(source, selection()).contains(table)) {
                throw new StepFailed("Table " + table + " has no usable replica identity, so that the application's own"
                        + " UPDATE and DELETE would fail if it were published: alter table " + table.quoted()
                        + " replica identity full; then start the migration again");
            }
        }
    }

    private boolean allLoaded() throws SQLException {
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            List<LoadLedger.State> states = LoadLedger.states(target);
            if (copies()) {
                early.look(states.stream()
                        .filter(LoadLedger.State::done)
                        .map(LoadLedger.State::table)
                        .collect(Collectors.toSet()));
            }
            return states.size() >= Publication.size(pair.source(), pair.names().publication())
                    && states.stream().allMatch(LoadLedger.State::done);
        }
    }

    private LogSequenceNumber sourcePosition() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select " + WalFunctions.of(source).inserted() + "::text")) {
            rows.next();
            return LogSequenceNumber.valueOf(rows.getString(1));
        }
    }

    /** Makes keys, indexes and triggers, and grants rights on views that need a key. */
    void indexes() throws StepFailed, SQLException, IOException, InterruptedException {
        early.await();
        if (copies()) {
            requireOurs(schema.createKeysAndIndexes());
            report.write();
        }
        new ExistingIndexes(pair.target(), LOCK_PATIENCE).rebuild(INDEX_SESSIONS);
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            ConstraintGuard.raise(target);
        }
    }

    /** Whether the sink has applied everything up to a position, and passes no table over. */
    boolean applied(LogSequenceNumber upTo) throws StepFailed, SQLException {
        connectors.sink();
        connectors.following();
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            return ReloadLedger.underWay(target).isEmpty()
                    && StreamLedger.progress(target, pair.names().changeTopic())
                            .filter(progress -> progress.position().commitLsn().compareTo(upTo) >= 0)
                            .isPresent();
        }
    }

    /**
     * Makes the foreign keys, or records them for the cutover where they would act on what is applied, and proves them.
     * Those that do not hold block the cutover.
     */
    void foreignKeys() throws SQLException, IOException, InterruptedException {
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Connection target = Connections.open(pair.target(), "changeover-control")) {
            Guarding how = ConstraintGuard.raise(target);
            ForeignKeyProofs proofs = new ForeignKeyProofs(source, target, copies());
            if (copies() && how == Guarding.REPLICA) {
                proofs.recordValidated(validOnBothSides(source, target, schema.addForeignKeys()));
            } else if (copies()) {
                Scope scope = Scope.read(source, selection());
                ConstraintGuard.expect(
                        target,
                        GuardCatalog.foreignKeys(source).stream()
                                .filter(key -> scope.copiesForeignKey(key.table(), key.name()))
                                .toList());
            }
            for (String problem : proofs.prove()) {
                LOG.warn("{}: {}", pair.names().slot(), problem);
            }
        }
    }

    /** The server has looked at every row, when they were added; of others it may only say so. */
    private static List<ForeignKeyFacts> validOnBothSides(Connection source, Connection target, List<ForeignKey> added)
            throws SQLException {
        List<ForeignKeyFacts> onSource = GuardCatalog.foreignKeys(source);
        return GuardCatalog.foreignKeys(target).stream()
                .filter(key -> key.isValid() && onSource.stream().anyMatch(key::isSame))
                .filter(key -> added.stream()
                        .anyMatch(each ->
                                each.table().equals(key.table()) && each.name().equals(key.name())))
                .toList();
    }

    /**
     * Silences what has been made or enabled on the target since, and looks for what stands in the way of a cutover.
     *
     * @return a sentence for each; empty if all is well
     */
    List<String> guardProblems() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Connection target = Connections.open(pair.target(), "changeover-control")) {
            ConstraintGuard.raise(target);
            List<String> problems = new ArrayList<>(ConstraintGuard.complaints(target));
            problems.addAll(new ForeignKeyProofs(source, target, copies()).prove());
            return problems;
        } catch (GuardRefusedException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** Goes on with the copy of the large objects, for a while. */
    LargeObjects.Pass largeObjects() throws SQLException {
        LargeObjects copying = objects;
        if (copying == null) {
            copying = LargeObjects.open(pair.source(), pair.target());
            objects = copying;
        }
        try {
            LargeObjects.Pass pass = copying.run(AT_A_TIME);
            if (pass.isComplete()) {
                closeObjects();
            }
            return pass;
        } catch (SQLException e) {
            closeObjects();
            throw e;
        }
    }

    /** Lets go of what a step holds. */
    @Override
    public void close() {
        early.close();
        closeObjects();
    }

    private void closeObjects() {
        LargeObjects open = objects;
        objects = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.warn("{}: a connection did not close", pair.names().slot(), e);
            }
        }
    }

    /** Gathers the planner's statistics. */
    void statistics() throws SQLException {
        schema.analyze();
        schema.refreshMaterializedViews();
    }

    /**
     * Removes connectors, slot, publication and what was made with it, puts replica identities back; whether all of it
     * is done.
     */
    boolean cleanUp() throws SQLException {
        boolean connectorsGone = connectors.deleteAll();
        if (!isThere(Side.SOURCE)) {
            return connectorsGone;
        }
        connectors.dropSlot();
        if (!connectorsGone || connectors.slotExists()) {
            return false;
        }
        Publication.drop(pair.source(), pair.names().publication());
        if (pair.spec().ddl().eventTrigger()) {
            DdlRecorder.drop(pair.source(), pair.names().publication());
        }
        if (isThere(Side.TARGET)) {
            identities.restore();
        }
        return true;
    }

    /**
     * Gives up what was done so far: after {@link #cleanUp} the constraints, triggers and indexes of the target are put
     * back as they were, and the ledger and the topics are removed. Rows and tables of the target stay.
     *
     * <p>Without a server that is gone, what can be done on the other is done; a cutover may have been under way.
     *
     * @return whether all of it is done
     */
    boolean cancel() throws StepFailed, SQLException, InterruptedException {
        early.close();
        closeObjects();
        if (!cleanUp()) {
            return false;
        }
        if (!gone.isEmpty() && isThere(Side.SOURCE)) {
            Fence.readOnly(pair.source(), false);
        }
        if (isThere(Side.TARGET)) {
            putBack();
        }
        return forget();
    }

    private void putBack() throws StepFailed, SQLException, InterruptedException {
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            if (!Ledger.exists(target)) {
                return;
            }
            target.setAutoCommit(false);
            ConstraintGuard.restore(target);
            target.commit();
            target.setAutoCommit(true);
            ConstraintGuard.validate(target);
            if (pair.spec().load().existingIndexes() == ExistingIndexMode.REBUILD) {
                new ExistingIndexes(pair.target(), LOCK_PATIENCE).rebuild(INDEX_SESSIONS);
            }
        } catch (GuardRefusedException | SchemaException e) {
            throw new StepFailed(String.valueOf(e.getMessage()));
        }
    }

    /** Removes the ledger from the target, and the topics; whether they are gone. */
    boolean forget() throws SQLException {
        if (isThere(Side.TARGET)) {
            dropLedger();
        }
        return topics.delete();
    }

    private void dropLedger() throws SQLException {
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            Ledger.drop(target, pair.names().changeTopic());
        }
    }

    /**
     * Removes what a completed migration has left, and lets the source be written to again. Where the source is gone,
     * the clean-up may not have come to its end.
     */
    boolean finish() throws SQLException {
        if (isThere(Side.SOURCE)) {
            Fence.readOnly(pair.source(), false);
        } else if (!connectors.deleteAll()) {
            return false;
        }
        return forget();
    }

    /** Objects that somebody else made would stand for ours, or against them. */
    private void requireOurs(SchemaCopy.Outcome outcome) throws StepFailed {
        if (outcome == SchemaCopy.Outcome.FOUND) {
            throw new StepFailed(
                    "The target database " + pair.target().database() + " holds objects that were not copied"
                            + " by this migration: schemas, types, functions, views, indexes or triggers. Remove them, or say"
                            + " 'schema: existing' if the whole structure is there");
        }
    }

    private TableSelection selection() {
        return pair.pair().tables();
    }

    private boolean copies() {
        return pair.spec().schema() == SchemaMode.COPY;
    }
}
