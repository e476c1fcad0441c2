package io.changeover.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.changeover.kafka.KafkaClients;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.Change;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Recorded;
import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.Way;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations by name. Reads come from memory; a change is in the state topic, committed, before it is in memory.
 * Opening the store fences every control plane that opened it before, and gives an epoch larger than theirs. Safe for
 * use by several threads.
 */
public final class MigrationStore implements AutoCloseable {

    /** The state topic. */
    public static final String TOPIC = "changeover.state";

    /** The audit topic: what was changed, by whom, when, and what it was before. */
    public static final String AUDIT = "changeover.audit";

    /** What was verified: a record for each table, apart from the state, of which there are few. */
    public static final String VERIFICATION = "changeover.verification";

    private static final Logger LOG = LoggerFactory.getLogger(MigrationStore.class);

    /** A migration that was compared has some hundred bytes for each table; compressed they are a tenth. */
    private static final int LARGEST = 24 << 20;

    /** A table is written a few times with each verification, and only what is in an older segment is compacted. */
    private static final String SEGMENT = String.valueOf(64 << 20);

    /** A listener of another protocol than ours says nothing at all, and whoever starts this waits for it. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final ObjectMapper json = new ObjectMapper()
            .registerModules(new Jdk8Module(), new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    private final Map<String, Migration> migrations = new TreeMap<>();
    private final VerificationRecords verified = new VerificationRecords();
    private final AuditFeed feed = new AuditFeed();
    private final Expectation expectation = new Expectation();
    private final KafkaClients kafka;
    private final StoreWriter writer;
    private final Clock clock;
    private final CompletableFuture<Void> fenced = new CompletableFuture<>();
    private LeaderRecord leader = new LeaderRecord(0, "");
    private @Nullable SuccessorWatch watch;

    private MigrationStore(KafkaClients kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
        this.writer = new StoreWriter(kafka, LARGEST);
    }

    /**
     * Opens the store, making its topics if they are not there.
     *
     * @param clock for the audit
     * @throws KafkaException if the cluster does not answer, or does not let this control plane in; the message says
     *     what to do
     */
    public static MigrationStore open(KafkaClients kafka, Clock clock) {
        try {
            createTopics(kafka);
            return openStore(kafka, clock);
        } catch (KafkaException e) {
            throw new KafkaException(kafka.explain(e), e);
        }
    }

    private static MigrationStore openStore(KafkaClients kafka, Clock clock) {
        MigrationStore store = new MigrationStore(kafka, clock);
        try {
            store.writer.begin();
            store.read();
            store.lead();
            return store;
        } catch (KafkaException e) {
            store.close();
            throw e;
        }
    }

    /** From here on every other control plane has a smaller epoch. */
    private synchronized void lead() {
        leader = LeaderRecord.next(
                leader.epoch(),
                clock.millis(),
                ManagementFactory.getRuntimeMXBean().getName());
        long offset = sendLeader();
        watch = SuccessorWatch.start(
                readerConfig(), new TopicPartition(TOPIC, 0), offset + 1, this::isSuccessor, this::foundFenced);
    }

    private boolean isSuccessor(ConsumerRecord<String, String> record) {
        return LeaderRecord.KEY.equals(record.key()) && leader(record).epoch() > epoch();
    }

    private void foundFenced() {
        if (fenced.complete(null)) {
            LOG.error("CO-2080: another control plane has taken over; this one changes nothing any more");
        }
    }

    /** What tells this control plane from those before and after: larger than that of each before. */
    public synchronized long epoch() {
        return leader.epoch();
    }

    /** The process and the host of this control plane, as others read it. */
    public synchronized String controlPlane() {
        return leader.controlPlane();
    }

    /**
     * Asks the topic itself whether this control plane leads.
     *
     * @throws StoreFenced if another one has taken over
     * @throws KafkaException if the cluster does not answer
     */
    public synchronized void requireLead() {
        long unused = sendLeader();
    }

    /** Has somebody told, once, when another control plane has taken over. */
    public void whenFenced(Runnable then) {
        var unused = fenced.thenRun(then);
    }

    private static void createTopics(KafkaClients kafka) {
        int answer = (int) ANSWER.toMillis();
        Map<String, Object> own = Map.of("default.api.timeout.ms", answer, "request.timeout.ms", answer);
        try (Admin admin = Admin.create(kafka.config(own))) {
            create(admin, TOPIC, Map.of("cleanup.policy", "compact", "max.message.bytes", String.valueOf(LARGEST)));
            create(admin, VERIFICATION, Map.of("cleanup.policy", "compact", "segment.bytes", SEGMENT));
            create(admin, AUDIT, Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating the topic " + TOPIC, e);
        }
    }

    private static void create(Admin admin, String name, Map<String, String> settings) throws InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings);
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("The topic " + name + " cannot be created", e.getCause());
            }
        }
    }

    private synchronized void read() {
        readAll(TOPIC, 0, this::remember);
        readAll(VERIFICATION, 0, this::rememberVerified);
        feed.begin(readAll(AUDIT, Long.MAX_VALUE, record -> {}));
        LOG.info("Read {} migrations from {}", migrations.size(), TOPIC);
    }

    /**
     * Hands over every record that is committed now.
     *
     * @param from the first offset
     * @return the end
     */
    private long readAll(String topic, long from, Consumer<ConsumerRecord<String, String>> reader) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(readerConfig(), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            consumer.seek(partition, Math.min(from, end));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(reader);
            }
            return end;
        }
    }

    private Map<String, Object> readerConfig() {
        return kafka.config(Map.of("isolation.level", "read_committed", "enable.auto.commit", false));
    }

    /** What was done about a migration, the oldest first; also of one that is forgotten. */
    public List<AuditEntry> audit(String name) {
        return auditAfter(-1).stream()
                .filter(recorded -> recorded.isOf(name))
                .map(Recorded::entry)
                .toList();
    }

    /** All entries of the audit behind an offset, the oldest first; the newest come from memory. */
    public List<Recorded> auditAfter(long offset) {
        return feed.after(offset).orElseGet(() -> {
            List<Recorded> entries = new ArrayList<>();
            readAll(AUDIT, Math.max(0, offset + 1), record -> entries.add(recorded(record)));
            return entries;
        });
    }

    private Recorded recorded(ConsumerRecord<String, String> record) {
        try {
            return new Recorded(record.offset(), json.readValue(record.value(), AuditEntry.class));
        } catch (JsonProcessingException e) {
            throw new KafkaException("Offset " + record.offset() + " of " + AUDIT + " is not readable", e);
        }
    }

    /** The entries of the audit that are in memory, the oldest first. */
    public List<Recorded> newestAudit() {
        return feed.newest();
    }

    /** Where the audit ends: every later entry has a larger offset. */
    public long lastAudit() {
        return feed.last();
    }

    /** Has a listener told of every entry of the audit from now on; it must not wait for anything. */
    public void listen(Consumer<Recorded> listener) {
        feed.listen(listener);
    }

    /** Takes {@link #listen} back. */
    public void forget(Consumer<Recorded> listener) {
        feed.forget(listener);
    }

    private LeaderRecord leader(ConsumerRecord<String, String> record) {
        try {
            return json.readValue(record.value(), LeaderRecord.class);
        } catch (JsonProcessingException e) {
            throw new KafkaException("Offset " + record.offset() + " of " + TOPIC + " is not readable", e);
        }
    }

    private void remember(ConsumerRecord<String, String> record) {
        if (LeaderRecord.KEY.equals(record.key())) {
            leader = leader(record);
            return;
        }
        if (record.value() == null) {
            migrations.remove(record.key());
            return;
        }
        try {
            migrations.put(record.key(), json.readValue(record.value(), Migration.class));
        } catch (JsonProcessingException e) {
            throw new KafkaException(
                    "The state of the migration " + record.key() + " at offset " + record.offset() + " of " + TOPIC
                            + " is not readable: it was written by another version",
                    e);
        }
    }

    private void rememberVerified(ConsumerRecord<String, String> record) {
        try {
            VerificationKey key = json.readValue(record.key(), VerificationKey.class);
            if (record.value() == null) {
                verified.remove(key);
            } else if (key.table().isPresent()) {
                verified.put(key, json.readValue(record.value(), VerifiedTable.class));
            } else {
                verified.put(key, json.readValue(record.value(), VerificationRun.class));
            }
        } catch (JsonProcessingException e) {
            throw new KafkaException(
                    "Offset " + record.offset() + " of " + VERIFICATION
                            + " is not readable: it was written by another version",
                    e);
        }
    }

    /** All migrations, in order of name. */
    public synchronized Collection<Migration> all() {
        return List.copyOf(migrations.values());
    }

    /** One migration. */
    public synchronized Optional<Migration> get(String name) {
        return Optional.ofNullable(migrations.get(name));
    }

    /**
     * Adds a migration.
     *
     * @return whether it was added; false if there is one of that name already
     */
    public synchronized boolean add(Migration migration, Cause cause) {
        if (migrations.containsKey(migration.name())) {
            return false;
        }
        write(Optional.empty(), migration, cause);
        return true;
    }

    /**
     * Makes the next change that this thread asks for only if the migration is as it has seen it; otherwise it ends
     * with {@link io.changeover.migration.NotAsSeen}.
     */
    public void expect(Predicate<Migration> asSeen) {
        expectation.set(asSeen);
    }

    /** Takes {@link #expect} back. */
    public void expectAny() {
        expectation.clear();
    }

    /**
     * Changes a migration, one change after the other.
     *
     * @param cause for the audit
     * @return the migration as it is now
     * @throws StoreFenced if another control plane has taken over
     */
    public synchronized Migration update(String name, Cause cause, UnaryOperator<Migration> change) {
        Migration before = migrations.get(name);
        if (before == null) {
            throw new IllegalArgumentException("There is no migration " + name);
        }
        expectation.require(before);
        Migration after = change.apply(before);
        if (!after.equals(before)) {
            write(Optional.of(before), after, cause);
        }
        return after;
    }

    /**
     * Notes in the audit what was done for a migration elsewhere than in what is stored of it.
     *
     * @throws StoreFenced if another control plane has taken over
     */
    public synchronized void note(String name, Cause cause, List<Change> changes) {
        Migration found = migrations.get(name);
        if (found == null) {
            throw new IllegalArgumentException("There is no migration " + name);
        }
        AuditEntry entry = new AuditEntry(clock.instant(), name, cause.who(), cause.what(), changes);
        feed.add(send(name, text(found), entry));
    }

    /** What the verification of a pair has found. */
    public synchronized VerificationResult verified(String migration, String database, Way way) {
        return verified.of(migration, database, way);
    }

    /**
     * Remembers what a verification has found, and what the audit tells of it; of a migration that is forgotten
     * nothing.
     *
     * @param entries for the audit
     * @throws StoreFenced if another control plane has taken over
     */
    public synchronized void verified(
            String migration, String database, Way way, VerificationChange change, List<AuditEntry> entries) {
        if (!migrations.containsKey(migration)) {
            return;
        }
        Map<VerificationKey, Optional<Object>> found = VerificationRecords.records(migration, database, way, change);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        found.forEach((key, value) -> records.add(new ProducerRecord<>(
                VERIFICATION, text(key), value.map(this::text).orElse(null))));
        entries.forEach(entry -> records.add(new ProducerRecord<>(AUDIT, migration, text(entry))));
        List<RecordMetadata> written = commit(records);
        verified.take(found);
        for (int i = 0; i < entries.size(); i++) {
            feed.add(new Recorded(written.get(found.size() + i).offset(), entries.get(i)));
        }
    }

    /**
     * Forgets a migration, and what was verified for it.
     *
     * @param mayGo asked of every pair; if one has to stay, nothing happens
     * @throws StoreFenced if another control plane has taken over
     */
    public synchronized void remove(String name, Cause cause, Predicate<DatabaseStatus> mayGo) {
        Migration found = migrations.get(name);
        if (found != null) {
            expectation.require(found);
        }
        if (found != null && found.databases().stream().allMatch(mayGo)) {
            List<VerificationKey> keys = verified.keys(name);
            AuditEntry audit = audit(name, cause, Optional.of(found), Optional.empty());
            List<ProducerRecord<String, String>> records = new ArrayList<>();
            records.add(new ProducerRecord<>(TOPIC, name, null));
            keys.forEach(key -> records.add(new ProducerRecord<>(VERIFICATION, text(key), null)));
            records.add(new ProducerRecord<>(AUDIT, name, text(audit)));
            Recorded recorded = new Recorded(last(commit(records)).offset(), audit);
            migrations.remove(name);
            keys.forEach(verified::remove);
            feed.add(recorded);
        }
    }

    /** Whether another control plane has taken over. */
    public boolean isFenced() {
        return fenced.isDone();
    }

    private void write(Optional<Migration> before, Migration after, Cause cause) {
        Recorded recorded = send(after.name(), text(after), audit(after.name(), cause, before, Optional.of(after)));
        migrations.put(after.name(), after);
        feed.add(recorded);
    }

    private AuditEntry audit(String name, Cause cause, Optional<Migration> before, Optional<Migration> after) {
        return new AuditEntry(clock.instant(), name, cause.who(), cause.what(), Change.between(before, after));
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A migration's state is not writable", e);
        }
    }

    private Recorded send(String name, String value, AuditEntry audit) {
        RecordMetadata entry = last(commit(
                List.of(new ProducerRecord<>(TOPIC, name, value), new ProducerRecord<>(AUDIT, name, text(audit)))));
        LOG.debug("Stored {} at {}", name, entry);
        return new Recorded(entry.offset(), audit);
    }

    private long sendLeader() {
        return last(commit(List.of(new ProducerRecord<>(TOPIC, LeaderRecord.KEY, text(leader)))))
                .offset();
    }

    private static RecordMetadata last(List<RecordMetadata> written) {
        return written.get(written.size() - 1);
    }

    private List<RecordMetadata> commit(List<ProducerRecord<String, String>> records) {
        try {
            return writer.commit(records);
        } catch (StoreFenced e) {
            foundFenced();
            throw e;
        }
    }

    @Override
    public void close() {
        SuccessorWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        writer.close();
    }
}
