package io.changeover.verify.live;

import io.changeover.kafka.KafkaClients;
import io.changeover.lag.TopicTail;
import io.changeover.ledger.StreamLedger;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.NotLeading;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerificationRun.StreamPoint;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.schema.Scope;
import io.changeover.spec.TableSelection;
import io.changeover.spec.VerificationMode;
import io.changeover.spec.VerificationSpec;
import io.changeover.verify.live.TableVerification.State;
import io.changeover.wire.RecordJson;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verification of a pair while changes flow. A {@link Pass} compares all rows part by part; what was not the same,
 * and what the change topic says has changed since, is asked for again behind marks until it is found to be the same,
 * or to stay different. At the fence only the last moments' rows are left to be compared.
 *
 * <p>One thread reads the topic and asks; it works only while {@link #follow} is called now and then. Safe for use by
 * several threads.
 */
public final class Verification implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration READ = Duration.ofMillis(250);
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_PASSES = Duration.ofSeconds(10);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration MISMATCHES_EVERY = Duration.ofSeconds(30);
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(3);
    private static final int KEYS_AT_ONCE = 10_000;

    private final VerifiedPair pair;
    private final Marks.Opener opener;
    private final Supplier<VerificationSpec> spec;
    private final Clock clock;
    private final Sides sides;
    private final SortedMap<TableName, TableTrack> tracks = new ConcurrentSkipListMap<>();
    private final Keeping keeping;
    private final Touches touches = new Touches(table -> Optional.ofNullable(tracks().get(table)));
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Requests requests;
    private final Thread thread;
    private volatile Instant followed = Instant.EPOCH;
    private volatile boolean hasBegun;
    private volatile boolean isReading;
    private volatile long next;
    private Instant begun = Instant.EPOCH;
    private Instant rounded = Instant.EPOCH;
    private Instant mismatchesAsked = Instant.EPOCH;
    private Instant lackingLookedFor = Instant.EPOCH;
    private volatile String topicId = "";
    private volatile @Nullable Pass pass;
    private @Nullable TopicTail topic;
    private @Nullable Marks marks;

    /**
     * What is verified.
     *
     * @param source settings with the password resolved
     * @param target settings with the password resolved
     * @param tables whose rows are migrated
     * @param kafka where the change topic is
     * @param changeTopic the change topic, and the stream's name in the ledger
     * @param name {@code migration/database}, for people
     */
    public record VerifiedPair(
            ServerSettings source,
            ServerSettings target,
            TableSelection tables,
            KafkaClients kafka,
            String changeTopic,
            String name) {}

    /**
     * Ready to begin, or to go on.
     *
     * @param spec how, as it is now
     * @param memory what was found, and where it is stored
     */
    public Verification(
            VerifiedPair pair, Marks.Opener opener, Supplier<VerificationSpec> spec, Memory memory, Clock clock) {
        this.pair = pair;
        this.opener = opener;
        this.spec = spec;
        this.clock = clock;
        this.sides = new Sides(pair.source(), pair.target());
        this.keeping = new Keeping(memory, clock);
        this.requests = new Requests(keeping.run().asked());
        memory.remembered().tables().forEach(table -> tracks.put(table.table(), new TableTrack(table)));
        this.thread = new Thread(this::run, "changeover-verify-" + pair.changeTopic());
        thread.setDaemon(true);
        thread.start();
    }

    private SortedMap<TableName, TableTrack> tracks() {
        return tracks;
    }

    /** Says that the target follows the source, so that there is something to verify. To be called now and then. */
    public void follow() {
        followed = clock.instant();
    }

    /** Says that it does not follow any more; what is being read is given up. */
    public void rest() {
        followed = Instant.EPOCH;
        stopPass();
    }

    /** Has all tables compared anew, as soon as the target follows; that is stored. */
    public void ask(String who) {
        keeping.askedFor(who);
        requests.ask(who);
        keeping.keep(scene());
    }

    /** Has one table compared anew; that is stored. */
    public void ask(String who, TableName table) {
        keeping.askedFor(who, table);
        requests.ask(who, table);
        keeping.keep(scene());
    }

    /** Forgets what is known of a table, and stores that: it is loaded again. */
    public void forget(TableName table) {
        TableTrack track = tracks.get(table);
        if (track != null) {
            track.forget("loaded again: it is compared anew");
            keeping.keep(scene());
        }
    }

    private Keeping.Scene scene() {
        return new Keeping.Scene(tracks.values(), next, isReading ? Optional.of(topicId) : Optional.empty());
    }

    /** How far it is, in order of name. */
    public List<TableVerification> tables() {
        return tracks.values().stream().map(TableTrack::view).toList();
    }

    /** Whether it is under way or about to be: rows are compared, or asked for. */
    public boolean isUnderWay() {
        if (requests.areOpen()) { // before the pass is looked at, which may begin meanwhile
            return true;
        }
        Pass running = pass;
        return (running != null && !running.isOver())
                || tracks.values().stream().anyMatch(track -> track.state() == State.SETTLING);
    }

    /** The last verification of all tables. */
    public VerificationRun last() {
        return keeping.run();
    }

    /** What stands in the way of a cutover, a sentence each. */
    public List<String> problems() {
        return Problems.of(spec.get().mode(), pair.name(), hasBegun, tables());
    }

    private void run() {
        boolean troubled = false;
        while (over.getCount() > 0) {
            try {
                Duration pause = STEP;
                try {
                    step();
                    keeping.look(scene());
                    troubled = false;
                } catch (SQLException | Marks.NotPassed | KafkaException e) {
                    if (over.getCount() > 0 && !troubled) {
                        LOG.warn("{}: the verification has to try again", pair.name(), e);
                    }
                    troubled = true;
                    pause = AFTER_TROUBLE;
                }
                boolean unused = over.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (NotLeading e) {
                LOG.debug("{}: another control plane verifies", pair.name(), e);
                return;
            } catch (RuntimeException e) {
                LOG.error("{}: an error of this program in the verification", pair.name(), e);
            }
        }
    }

    private void step() throws SQLException, InterruptedException, Marks.NotPassed {
        lock.lockInterruptibly();
        try {
            if (followed.plus(FRESH).isBefore(clock.instant())) {
                return;
            }
            goOn();
            beginWhatIsDue();
            TopicTail tail = topic;
            if (tail != null) {
                read(tail, READ);
                askAgain();
            }
        } catch (SQLException | Marks.NotPassed | RuntimeException e) {
            disconnect(); // before anybody else has the lock, and perhaps opens others
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** What another process has found holds as far as the topic has everything since, and the tables are the same. */
    private void goOn() throws SQLException, InterruptedException {
        Optional<StreamPoint> seen = keeping.run().seen();
        if (isReading || seen.isEmpty()) {
            return;
        }
        Scope scope = Scope.read(sides.source(), pair.tables());
        Sides.Both<SortedMap<TableName, TableSide>> catalogs = sides.both(CatalogReader::read, CatalogReader::read);
        boolean hasAll = TopicLook.at(pair.kafka(), pair.changeTopic()).hasAllFrom(seen.get());
        int count = 0;
        for (TableTrack track : tracks.values()) {
            TableSide source = catalogs.source().get(track.name());
            TableSide target = catalogs.target().get(track.name());
            if (hasAll && source != null && target != null && scope.hasRows(track.name())) {
                count += track.goOn(ComparisonRules.decide(track.name(), source, target)) ? 1 : 0;
            }
        }
        LOG.info("{}: what was found of {} of {} tables still holds", pair.name(), count, tracks.size());
        long applied = applied();
        track(hasAll ? Math.min(applied, seen.get().offset()) : applied);
        keeping.goOn(tracks.keySet());
        hasBegun = true;
    }

    private void beginWhatIsDue() throws SQLException, InterruptedException {
        Pass running = pass;
        if (running != null && !running.isOver()) {
            return;
        }
        try {
            Optional<Wanted> wanted = wanted();
            if (wanted.isPresent()) {
                begin(wanted.get());
            }
        } finally {
            requests.begun();
        }
    }

    private Optional<Wanted> wanted() {
        Instant now = clock.instant();
        boolean isDue = spec.get().mode() != VerificationMode.OFF
                && keeping.run().isDue(spec.get().every(), now);
        String itself = AuditEntry.Cause.ITSELF.who();
        return requests.take(isDue ? Optional.of(itself) : Optional.empty()).or(() -> {
            Set<TableName> open = openOnes(now);
            return open.isEmpty() ? Optional.empty() : Optional.of(new Wanted(itself, open, false));
        });
    }

    /** Tables that have to be compared anew, or were missing on one side when they were looked for. */
    private Set<TableName> openOnes(Instant now) {
        Set<TableName> open = new HashSet<>();
        if (hasBegun && begun.plus(BETWEEN_PASSES).isBefore(now)) {
            tracks.values().stream()
                    .filter(track -> track.state() == State.WAITING || track.state() == State.COMPARING)
                    .forEach(track -> open.add(track.name()));
        }
        if (lackingLookedFor.plus(BETWEEN_PASSES).isBefore(now)) {
            tracks.values().stream().filter(TableTrack::isLacking).forEach(track -> open.add(track.name()));
            lackingLookedFor = now;
        }
        return open;
    }

    /** Tracking begins where the target is, before the first row is read: nothing that comes later is missed. */
    private void begin(Wanted wanted) throws SQLException, InterruptedException {
        try {
            beginAll(wanted);
        } catch (SQLException | KafkaException e) {
            requests.giveBack(wanted);
            throw e;
        }
    }

    private void beginAll(Wanted wanted) throws SQLException, InterruptedException {
        Scope scope = Scope.read(sides.source(), pair.tables());
        Sides.Both<SortedMap<TableName, TableSide>> catalogs = sides.both(CatalogReader::read, CatalogReader::read);
        tracks.keySet()
                .removeIf(table -> wanted.has(table) && !catalogs.source().containsKey(table));
        List<TableWalk> walks = new ArrayList<>();
        Set<TableName> compared = new HashSet<>();
        for (Map.Entry<TableName, TableSide> each : catalogs.source().entrySet()) {
            TableName table = each.getKey();
            if (scope.hasRows(table) && wanted.has(table)) {
                compared.add(table);
                prepare(
                                table,
                                each.getValue(),
                                Optional.ofNullable(catalogs.target().get(table)))
                        .ifPresent(walks::add);
            }
        }
        track(applied());
        hasBegun = true;
        if (wanted.isAll()) {
            begun = clock.instant();
        }
        if (wanted.told()) {
            keeping.began(new Course(wanted.who(), wanted.isAll(), compared));
        }
        LOG.info("{}: verifying {} tables", pair.name(), walks.size());
        VerificationSpec how = spec.get();
        Pass begun = new Pass(pair.source(), pair.target(), opener, this::awaitTracking, how.dutyPercent(), clock);
        pass = begun;
        begun.start(walks, how.parallelism());
    }

    private Optional<TableWalk> prepare(TableName table, TableSide source, Optional<TableSide> target) {
        TableTrack track = tracks.computeIfAbsent(table, TableTrack::new);
        if (target.isEmpty()) {
            track.forget("");
            track.lacks("missing on the target");
            return Optional.empty();
        }
        ComparedTable shape = ComparisonRules.decide(table, source, target.get());
        int generation = track.restart(shape);
        if (shape.disagreement().isPresent()) {
            track.lacks(shape.disagreement().get());
            return Optional.empty();
        }
        return Optional.of(new TableWalk(track, shape, generation));
    }

    /**
     * Reads the topic on from there at the latest. What is said to be read is taken back at once, and not when it is
     * read again: what is stored rests on it.
     */
    private void track(long from) throws InterruptedException {
        TopicTail tail = topic;
        if (tail == null) {
            topicId = TopicLook.at(pair.kafka(), pair.changeTopic()).topicId();
            topic = new TopicTail(pair.kafka(), pair.changeTopic(), from);
            next = from;
            isReading = true;
        } else if (from < next) {
            next = from;
            tail.seek(from);
        }
    }

    /** The next record that the target has not applied. */
    private long applied() throws SQLException {
        return StreamLedger.progress(sides.target(), pair.changeTopic())
                .map(progress -> progress.position().topicOffset())
                .orElse(0L);
    }

    private void read(TopicTail tail, Duration budget) {
        tail.drain(budget, record -> {
            if (record.value() != null) {
                RecordJson.read(record.value()).forEach(event -> touches.see(event, record.offset()));
            }
            next = record.offset() + 1;
        });
    }

    private void askAgain() throws SQLException, InterruptedException, Marks.NotPassed {
        Instant now = clock.instant();
        if (mismatchesAsked.plus(MISMATCHES_EVERY).isBefore(now)) {
            tracks.values().forEach(TableTrack::askMismatchesAgain);
            mismatchesAsked = now;
        }
        if (rounded.plus(BETWEEN_ROUNDS).isAfter(now)) {
            return;
        }
        rounded = now;
        if (tracks.values().stream().anyMatch(track -> track.open() > 0)) {
            int count = new Round(sides, KEYS_AT_ONCE).ask(tracks.values(), marks());
            if (count >= KEYS_AT_ONCE) {
                rounded = Instant.EPOCH;
            }
        }
    }

    private Marks marks() throws SQLException {
        Marks open = marks;
        if (open == null) {
            open = opener.open();
            marks = open;
        }
        return open;
    }

    /** Whether changes up to where the target is now have been seen; of use to other threads. */
    private boolean awaitTracking(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long applied;
        try (Sides own = new Sides(pair.source(), pair.target())) {
            applied = StreamLedger.progress(own.target(), pair.changeTopic())
                    .map(progress -> progress.position().topicOffset())
                    .orElse(0L);
        } catch (SQLException e) {
            LOG.debug("The target does not say where it is", e);
            return false;
        }
        while (next < applied && System.nanoTime() < deadline) {
            if (over.await(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return next >= applied;
    }

    /**
     * Compares what has changed since it was compared. Nobody may write on either side, and everything has to be
     * applied.
     *
     * @param patience how long it may take
     * @throws SQLException if a server does not answer, in time or at all
     */
    public AtFence atFence(Duration patience) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        if (!hasBegun) {
            return new AtFence(0, Problems.differences(pair.name(), tables()), List.of("no table has been verified"));
        }
        stopPass();
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return new AtFence(0, List.of(), List.of("rows are still being asked for"));
        }
        try {
            limit(patience);
            return compareStill(deadline);
        } finally {
            disconnect(); // the time limit goes with the connections
            lock.unlock();
        }
    }

    private AtFence compareStill(long deadline) throws SQLException, InterruptedException {
        long began = System.nanoTime();
        long applied = applied();
        TopicTail tail = topic;
        while (tail != null && next < applied && System.nanoTime() < deadline) {
            read(tail, READ);
        }
        LOG.info(
                "{}: at the fence the changes of late were read in {} ms",
                pair.name(),
                Duration.ofNanos(System.nanoTime() - began).toMillis());
        return new StillComparison(pair.name(), sides, KEYS_AT_ONCE, clock)
                .compare(
                        tracks.values(),
                        next < applied ? List.of("not all changes of late have been looked at") : List.of(),
                        deadline);
    }

    private void limit(Duration patience) throws SQLException {
        for (var connection : List.of(sides.source(), sides.target())) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set statement_timeout = " + patience.toMillis());
            }
        }
    }

    private void stopPass() {
        Pass running = pass;
        if (running != null) {
            running.close();
        }
    }

    private void disconnect() {
        sides.disconnect();
        Marks open = marks;
        marks = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("A connection did not close", e);
            }
        }
    }

    /** Ends at once what is under way. */
    @Override
    public void close() {
        over.countDown();
        stopPass();
        sides.disconnect();
        thread.interrupt();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            keepLast();
            disconnect();
            TopicTail tail = topic;
            if (tail != null) {
                tail.close();
            }
        }
        sides.close();
    }

    /** What is not stored is found again by whoever goes on. */
    private void keepLast() {
        try {
            keeping.keep(scene());
        } catch (NotLeading | KafkaException e) {
            LOG.debug("{}: what was found last is not stored", pair.name(), e);
        }
    }
}
