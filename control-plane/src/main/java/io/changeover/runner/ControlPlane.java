package io.changeover.runner;

import io.changeover.cutover.Gates;
import io.changeover.ddl.DdlChange;
import io.changeover.ddl.DdlResult;
import io.changeover.former.FormerSource;
import io.changeover.hook.HookScope;
import io.changeover.hook.Hooks;
import io.changeover.kafka.KafkaCluster;
import io.changeover.lag.Cause;
import io.changeover.lag.Causes;
import io.changeover.lag.Progress;
import io.changeover.leader.Tenure;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LimitLedger;
import io.changeover.load.Reload;
import io.changeover.metrics.PairSample;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.Change;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Operation;
import io.changeover.migration.Readiness;
import io.changeover.migration.Recorded;
import io.changeover.migration.SchemaReport;
import io.changeover.migration.Side;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.Way;
import io.changeover.migration.Wish;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.preflight.PreflightReport;
import io.changeover.roles.StructureReport;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadMode;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import io.changeover.spec.UnresolvedSecret;
import io.changeover.store.KafkaHealth;
import io.changeover.store.MigrationStore;
import io.changeover.verify.live.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All migrations of this control plane: remembers them, runs them, answers about them. What was running when it was
 * closed or killed runs on when it is opened again. Safe for use by several threads.
 */
public final class ControlPlane implements AutoCloseable {

    private final MigrationStore store;
    private final KafkaHealth kafka;
    private final KafkaCluster cluster;
    private final Secrets secrets;
    private final Hooks hooks;
    private final Path workDirectory;
    private final Clock clock;
    private final Runners runners;
    private final Preflights preflights;
    private final FormerSources formerSources;

    private ControlPlane(
            MigrationStore store, KafkaCluster cluster, Secrets secrets, Hooks hooks, Path workDirectory, Clock clock) {
        this.hooks = hooks;
        this.store = store;
        this.kafka = new KafkaHealth(cluster.kafka(), clock);
        this.cluster = cluster;
        this.secrets = secrets;
        this.workDirectory = workDirectory;
        this.clock = clock;
        this.runners = new Runners(store, cluster, secrets, hooks, workDirectory, clock);
        this.preflights = new Preflights(secrets, cluster, clock);
        this.formerSources = new FormerSources(store, secrets, workDirectory, clock);
    }

    /**
     * Opens the store and goes on with what was under way.
     *
     * @param workDirectory for files such as the dump of a schema
     */
    public static ControlPlane open(KafkaCluster cluster, Secrets secrets, Path workDirectory, Clock clock) {
        return open(cluster, secrets, HookScope.NOTHING, workDirectory, clock);
    }

    /** The same, with hooks. */
    public static ControlPlane open(
            KafkaCluster cluster, Secrets secrets, HookScope scope, Path workDirectory, Clock clock) {
        ControlPlane controlPlane = new ControlPlane(
                MigrationStore.open(cluster.kafka(), clock),
                cluster,
                secrets,
                new Hooks(scope, secrets),
                workDirectory,
                clock);
        controlPlane.store.whenFenced(controlPlane.runners::endAll);
        controlPlane.store.all().forEach(controlPlane.runners::lead);
        controlPlane.formerSources.start();
        return controlPlane;
    }

    /** Whether it still leads: false when another control plane has taken over. */
    public boolean leads() {
        return !store.isFenced();
    }

    /** Whether what it remembers could be stored now, as far as the Kafka cluster is concerned. */
    public boolean reachesKafka() {
        return kafka.answers();
    }

    /** Why a migration may not refer to its passwords as it does; empty if it may. */
    public Optional<String> secretRefusal(MigrationSpec spec) {
        return secrets.refusal(spec.source()).or(() -> secrets.refusal(spec.target()));
    }

    /** Why a migration may not have the hooks that it names; empty if it may. */
    public Optional<String> hookRefusal(MigrationSpec spec) {
        return spec.hooks().stream()
                .flatMap(hook -> hooks
                        .scope()
                        .refusal(hook)
                        .or(() -> secrets.refusal(hook)
                                .map(why -> "A header of the hook " + hook.name() + " may not be there: " + why))
                        .stream())
                .findFirst();
    }

    /** Where Connect's REST API is. */
    public String connectUrl() {
        return cluster.connectUrl();
    }

    /** All migrations, in order of name. */
    public Collection<Migration> migrations() {
        return store.all();
    }

    /** What was done about a migration, and by whom, the oldest first; also of one that is forgotten. */
    public List<AuditEntry> audit(String name) {
        return store.audit(name);
    }

    /** All entries of the audit behind an offset, the oldest first. */
    public List<Recorded> auditAfter(long offset) {
        return store.auditAfter(offset);
    }

    /** Where the audit ends: every later entry has a larger offset. */
    public long lastAudit() {
        return store.lastAudit();
    }

    /** Has a listener told of every entry of the audit from now on; it must not wait for anything. */
    public void listen(Consumer<Recorded> listener) {
        store.listen(listener);
    }

    /** Takes {@link #listen} back. */
    public void forget(Consumer<Recorded> listener) {
        store.forget(listener);
    }

    /** What has become of a request, which is known by its place in the audit; empty if there is none. */
    public Optional<Operation> operation(long id) {
        List<Recorded> after = store.auditAfter(id - 1);
        Optional<Operation> operation = Operation.of(id, after);
        return operation.map(found -> {
            Optional<Migration> now = store.get(found.migration());
            return found.withCutover(now).withHooks(now);
        });
    }

    /**
     * The last request of this kind, among those of lately.
     *
     * @param source the source database that it was for; empty if it was for the migration
     * @param what as the audit has it
     */
    public Optional<Long> lastRequest(String migration, Optional<String> source, String what) {
        return store.newestAudit().stream()
                .filter(recorded -> recorded.isRequest() && recorded.isOf(migration))
                .filter(recorded -> recorded.entry().what().equals(what))
                .filter(recorded -> source.isEmpty() || recorded.isAbout(source.get()))
                .map(Recorded::offset)
                .reduce((one, later) -> later);
    }

    /** One migration. */
    public Optional<Migration> migration(String name) {
        return store.get(name);
    }

    /**
     * Has the next change that this thread asks for made only if the migration is as it was seen; otherwise it ends
     * with {@link io.changeover.migration.NotAsSeen}, and nothing is changed.
     */
    public void expect(Predicate<Migration> asSeen) {
        store.expect(asSeen);
    }

    /** Takes {@link #expect} back. */
    public void expectAny() {
        store.expectAny();
    }

    /**
     * Makes a migration; nothing is done for it until it is started.
     *
     * @param who asks, for the audit; so everywhere
     * @return whether it was made; false if there is one of that name
     */
    public boolean create(String who, MigrationSpec spec) {
        return store.add(Migration.created(spec, clock.instant()), new AuditEntry.Cause(who, "create"));
    }

    /**
     * Changes what may be changed of a migration.
     *
     * @throws IllegalArgumentException if more than that is different; nothing is changed
     */
    public void change(String who, MigrationSpec spec) {
        store.update(spec.name(), new AuditEntry.Cause(who, "change"), migration -> migration.changed(spec));
    }

    /**
     * The migration as it would be if it was created, or changed, with this specification; nothing is changed.
     *
     * @throws IllegalArgumentException if more is different than may be changed
     */
    public Migration planned(MigrationSpec spec) {
        return store.get(spec.name())
                .map(migration -> migration.changed(spec))
                .orElseGet(() -> Migration.created(spec, clock.instant()));
    }

    /** Starts a migration's pairs; those that failed go on where they were, those that run are left alone. */
    public void start(String who, String name) {
        start(who, name, Optional.empty());
    }

    /**
     * The same for one pair.
     *
     * @param source its source database; empty for all of them
     */
    public void start(String who, String name, Optional<String> source) {
        Migration migration = store.update(name, new AuditEntry.Cause(who, "start"), before -> {
            Migration after = before;
            for (DatabaseStatus status : before.databases()) {
                if (source.isEmpty() || source.get().equals(status.pair().source())) {
                    after = after.with(status.pair(), this::started);
                }
            }
            return after;
        });
        runners.lead(migration);
    }

    private DatabaseStatus started(DatabaseStatus status) {
        boolean waiting = status.state() == DatabaseState.CREATED || status.state() == DatabaseState.FAILED;
        return waiting ? status.moved(status.goesOnAs(), clock.instant()) : status;
    }

    /** The verification of a pair, or of its way back when that follows; if the pair is led now. */
    public Optional<Verification> verification(String migration, DatabasePair pair) {
        boolean back = store.get(migration)
                .flatMap(found -> found.database(pair.source()))
                .filter(DatabaseStatus::followsBack)
                .isPresent();
        return back
                ? runners.back(migration, pair).flatMap(BackWatch::verification)
                : runners.verification(migration, pair);
    }

    /** What is known of the verification of a pair, also if the pair is not led now. */
    public VerificationLook verificationLook(String migration, DatabaseStatus status) {
        return VerificationLook.of(
                verification(migration, status.pair()),
                store.verified(migration, status.pair().source(), wayOf(status)));
    }

    /** What was stored of the verification of a pair. */
    public VerificationResult verified(String migration, DatabaseStatus status, Way way) {
        return store.verified(migration, status.pair().source(), way);
    }

    private static Way wayOf(DatabaseStatus status) {
        return status.followsBack() || status.state() == DatabaseState.ROLLED_BACK ? Way.BACK : Way.THERE;
    }

    /**
     * Asks for a verification of a pair.
     *
     * @param table of this table only; empty for all
     * @return why that is not possible now; empty if it is
     */
    public Optional<String> requestVerification(
            String who, String migration, DatabasePair pair, Optional<TableName> table) {
        DatabaseStatus status = store.get(migration)
                .flatMap(found -> found.database(pair.source()))
                .orElseThrow();
        Optional<Verification> verification = verification(migration, pair);
        boolean follows = status.state() == DatabaseState.CATCHING_UP
                || status.state() == DatabaseState.READY_TO_CUTOVER
                || status.followsBack();
        if (verification.isEmpty() || !follows) {
            return Optional.of(
                    "the state is " + status.state() + ", and rows are verified while one side follows the" + " other");
        }
        store.update(migration, AuditEntry.Cause.ITSELF, before -> before); // it may be expected to be otherwise
        table.ifPresentOrElse(
                name -> verification.get().ask(who, name),
                () -> verification.get().ask(who));
        return Optional.empty();
    }

    /**
     * Asks for something for a pair, or for all pairs of a migration that can have it.
     *
     * @param source the pair's source database; empty for all of them
     * @return why it cannot be had now, by source database; if a pair has it, the reasons of others do not matter, and
     *     it will be done even if this process dies
     */
    public Map<String, String> request(String who, String migration, Optional<String> source, Wish wish) {
        Map<String, String> refusals = new LinkedHashMap<>();
        Migration after =
                store.update(migration, new AuditEntry.Cause(who, wish.name().toLowerCase(Locale.ROOT)), before -> {
                    refusals.clear();
                    Migration changed = before;
                    for (DatabaseStatus status : before.databases()) {
                        String database = status.pair().source();
                        if (source.isEmpty() || source.get().equals(database)) {
                            Optional<String> refusal = wish.refusedTo(status);
                            refusal.ifPresent(why -> refusals.put(database, why));
                            changed = refusal.isPresent()
                                    ? changed
                                    : changed.with(status.pair(), found -> found.wishing(wish));
                        }
                    }
                    return changed;
                });
        runners.lead(after);
        return refusals;
    }

    /**
     * Asks for a pair, or all pairs of a migration, to be cancelled or finished without servers that are gone for ever.
     * One that answers is not gone.
     *
     * @param source the pair's source database; empty for all of them
     * @param gone at least one
     * @return why it cannot be had now, by source database, as of {@link #request}
     */
    public Map<String, String> requestWithout(
            String who, String migration, Optional<String> source, Wish wish, Set<Side> gone) {
        return new Abandonment(store, runners, secrets).request(who, migration, source, wish, gone);
    }

    /**
     * Forgets a migration of which nothing is left.
     *
     * @return why it has to be kept, by source database; empty if it is gone
     */
    public synchronized Map<String, String> delete(String who, String migration) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (DatabaseStatus status : store.get(migration).orElseThrow().databases()) {
            status.deletionRefusal().ifPresent(why -> reasons.put(status.pair().source(), why));
        }
        if (reasons.isEmpty()) {
            store.remove(
                    migration,
                    new AuditEntry.Cause(who, "delete"),
                    status -> status.deletionRefusal().isEmpty());
            runners.forget(migration);
            preflights.forget(migration);
        }
        return reasons;
    }

    /**
     * Looks at both servers, Kafka and Kafka Connect now; changes nothing.
     *
     * @throws UnresolvedSecret if a password's reference leads nowhere
     */
    public PreflightReport preflight(String migration) {
        return preflights.run(store.get(migration).orElseThrow());
    }

    /** What {@link #preflight} found the last time, since this control plane was opened. */
    public Optional<PreflightReport> lastPreflight(String migration) {
        return preflights.last(migration);
    }

    /** The last look at a pair. */
    public Progress progress(String migration, DatabasePair pair) {
        return find(migration, pair).map(Watch::progress).orElseGet(() -> Progress.none(clock.instant()));
    }

    /** How the connectors of a pair were a moment ago; empty if Connect did not say. */
    public Optional<List<ConnectorLook>> connectors(String migration, DatabasePair pair) {
        return find(migration, pair).map(Watch::connectors).orElse(Optional.of(List.of()));
    }

    /** Why pending changes of a pair do not become fewer, if that is so. */
    public List<Cause> causes(String migration, DatabaseStatus status) {
        return Causes.of(status.state(), connectors(migration, status.pair()), progress(migration, status.pair()));
    }

    /** What is known of every pair now. */
    public List<PairSample> samples() {
        return store.all().stream()
                .flatMap(migration -> migration.databases().stream().map(status -> sample(migration.name(), status)))
                .toList();
    }

    private PairSample sample(String migration, DatabaseStatus status) {
        return new PairSample(
                migration,
                status,
                progress(migration, status.pair()),
                connectors(migration, status.pair()).orElse(List.of()),
                causes(migration, status),
                blockers(migration, status).isEmpty(),
                rollbacks().progress(migration, status.pair()),
                rollbacks().connectors(migration, status.pair()).orElse(List.of()),
                rollbacks().blockers(migration, status).isEmpty(),
                verificationLook(migration, status).sample(),
                formerSource(migration, status));
    }

    /** Who still uses the source of a pair that is completed, as it was a moment ago. */
    public Optional<FormerSource> formerSource(String migration, DatabaseStatus status) {
        return formerSources.last(migration, status);
    }

    /**
     * The same, looked at now, of all pairs of a migration or one of them.
     *
     * @return what is in the way of letting sources be written to again, by source database
     */
    public Map<String, List<String>> formerUses(String name, Optional<String> source) {
        Map<String, List<String>> uses = new LinkedHashMap<>();
        Migration migration = store.get(name).orElseThrow();
        for (DatabaseStatus status : migration.databases()) {
            String database = status.pair().source();
            if (source.isEmpty() || source.get().equals(database)) {
                formerSources
                        .now(migration, status)
                        .map(FormerSource::warnings)
                        .filter(warnings -> !warnings.isEmpty())
                        .ifPresent(warnings -> uses.put(database, warnings));
            }
        }
        return uses;
    }

    /** Why a cutover of a pair cannot begin now, as it was a moment ago; empty if it can. */
    public List<String> blockers(String migration, DatabaseStatus status) {
        return find(migration, status.pair())
                .map(watch -> Gates.blockers(watch.gates(status, cutoverSpec(migration))))
                .orElseGet(() -> new Readiness(status.state(), false, Optional.empty(), List.of()).blockers());
    }

    private CutoverSpec cutoverSpec(String migration) {
        return store.get(migration).orElseThrow().spec().cutover();
    }

    /** What is asked for and arranged of cutovers. */
    public Cutovers cutovers() {
        return new Cutovers(store, runners, clock);
    }

    /**
     * Asks for a table to be loaded again, or one that is not part of the migration yet to be loaded; of a partitioned
     * table for its partitions.
     *
     * @return why that is not possible now; empty if it is, and then it will be even if this process dies
     * @throws SQLException if a server cannot be reached
     */
    public Optional<String> requestReload(String who, String migration, DatabasePair pair, TableName table)
            throws SQLException {
        Migration known = store.get(migration).orElseThrow();
        Optional<String> refused = known.database(pair.source()).orElseThrow().reloadRefusal();
        if (refused.isPresent()) {
            return refused;
        }
        if (known.spec().load().mode() == LoadMode.TOPIC) {
            return Optional.of("the rows come through a topic (spec.load.mode: topic), which carries each table once");
        }
        Pair servers = Pair.of(known.spec(), pair, secrets, workDirectory);
        List<TableName> parts = Reload.parts(servers.source(), table);
        Optional<String> obstacle = reloadObstacle(servers, parts.isEmpty() ? List.of(table) : parts);
        if (obstacle.isPresent()) {
            return obstacle;
        }
        Migration after = store.update(
                migration,
                new AuditEntry.Cause(who, "reload " + table),
                before -> before.with(
                        pair, status -> status.reloadRefusal().isPresent() ? status : status.withReload(parts)));
        Optional<String> refusal = after.database(pair.source()).orElseThrow().reloadRefusal();
        if (refusal.isEmpty()) {
            start(who, migration);
        }
        return refusal;
    }

    /** Which tables of a pair are defined otherwise on one side than on the other. */
    public List<DdlChange> ddl(String migration, DatabasePair databases) throws SQLException {
        return DdlActions.list(Pair.of(store.get(migration).orElseThrow().spec(), databases, secrets, workDirectory));
    }

    /**
     * Makes on the target what is offered.
     *
     * @param who for the audit
     * @param only of this table; empty for all
     */
    public List<DdlResult> applyDdl(String who, String migration, DatabasePair databases, Optional<TableName> only)
            throws SQLException, InterruptedException {
        store.requireLead();
        Pair pair = Pair.of(store.get(migration).orElseThrow().spec(), databases, secrets, workDirectory);
        try (Tenure tenure = runners.tenure(pair)) {
            return new DdlActions(
                            pair.led(tenure),
                            table -> requestReload(who, migration, databases, table),
                            (change, result) -> store.note(
                                    migration,
                                    new AuditEntry.Cause(who, "ddl apply"),
                                    List.of(new Change(
                                            databases.source(),
                                            "ddl " + change.table(),
                                            change.words(),
                                            (result.done() ? "" : "not done: ") + result.words()))))
                    .apply(only);
        }
    }

    private static Optional<String> reloadObstacle(Pair servers, List<TableName> tables) throws SQLException {
        for (TableName table : tables) {
            Optional<String> obstacle = Reload.obstacle(servers.source(), servers.target(), table);
            if (obstacle.isEmpty()) {
                obstacle = servers.leftOut(table);
            }
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        return Optional.empty();
    }

    /**
     * Limits the load of a pair, also while it runs.
     *
     * @param who for the audit
     * @return why that is not possible; empty if it is done
     * @throws SQLException if the target cannot be reached
     */
    public Optional<String> limitLoad(String who, String migration, DatabasePair databases, LimitLedger.Limits limits)
            throws SQLException {
        MigrationSpec spec = store.get(migration).orElseThrow().spec();
        if (spec.load().mode() == LoadMode.TOPIC) {
            return Optional.of("The rows come through a topic (spec.load.mode: topic): change tasks.max and"
                    + " bytes.per.second of the connector that reads them");
        }
        store.requireLead();
        Pair pair = Pair.of(spec, databases, secrets, workDirectory);
        try (Tenure tenure = runners.tenure(pair);
                Connection target = Connections.open(tenure.target(), "changeover-control")) {
            if (!Ledger.exists(target)) {
                return Optional.of("The target has no ledger yet: the load can be limited when its tables are made");
            }
            Ledger.create(target);
            String before = LimitLedger.read(target).words();
            LimitLedger.write(target, limits);
            store.note(
                    migration,
                    new AuditEntry.Cause(who, "limit"),
                    List.of(new Change(databases.source(), "limits", before, limits.words())));
            return Optional.empty();
        }
    }

    /**
     * What the copy of a pair's structure made of roles and rights, and what it left out.
     *
     * @return empty if there is no report yet, or if {@code finish} has removed it
     * @throws SQLException if the target cannot be reached
     */
    public Optional<SchemaReport> schemaReport(String migration, DatabasePair databases) throws SQLException {
        Pair pair = Pair.of(store.get(migration).orElseThrow().spec(), databases, secrets, workDirectory);
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            return StructureReport.read(target);
        }
    }

    /** The ways back, and what persons ask of them. */
    public Rollbacks rollbacks() {
        return new Rollbacks(store, runners, clock);
    }

    private Optional<Watch> find(String migration, DatabasePair pair) {
        return runners.watch(migration, pair);
    }

    /** Stops leading; the data flows on. Takes a few seconds at most. */
    @Override
    public void close() {
        formerSources.close();
        runners.close();
        try (kafka) {
            store.close();
        }
    }
}
