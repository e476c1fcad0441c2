package io.changeover.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations by name. Reads come from memory; a change is in the state topic, committed, before it is in memory.
 * Opening the store fences every control plane that opened it before. Safe for use by several threads.
 */
public final class MigrationStore implements AutoCloseable {

    /** The state topic. */
    public static final String TOPIC = "changeover.state";

    private static final Logger LOG = LoggerFactory.getLogger(MigrationStore.class);
    private static final String WRITER = "changeover-control-plane";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ObjectMapper json = new ObjectMapper()
            .registerModules(new Jdk8Module(), new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    private final Map<String, Migration> migrations = new TreeMap<>();
    private final KafkaProducer<String, String> producer;
    private volatile boolean fenced;

    private MigrationStore(KafkaProducer<String, String> producer) {
        this.producer = producer;
    }

    /**
     * Opens the store, making its topic if it is not there.
     *
     * @throws KafkaException if the cluster does not answer
     */
    public static MigrationStore open(String bootstrapServers) {
        createTopic(bootstrapServers);
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "transactional.id",
                        WRITER,
                        "acks",
                        "all",
                        "linger.ms",
                        0,
                        "max.block.ms",
                        (int) PATIENCE.toMillis()),
                new StringSerializer(),
                new StringSerializer());
        MigrationStore store = new MigrationStore(producer);
        producer.initTransactions();
        store.read(bootstrapServers);
        return store;
    }

    private static void createTopic(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            NewTopic topic =
                    new NewTopic(TOPIC, Optional.of(1), Optional.empty()).configs(Map.of("cleanup.policy", "compact"));
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("The topic " + TOPIC + " cannot be created", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating the topic " + TOPIC, e);
        }
    }

    private synchronized void read(String bootstrapServers) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(this::remember);
            }
        }
        LOG.info("Read {} migrations from {}", migrations.size(), TOPIC);
    }

    private void remember(ConsumerRecord<String, String> record) {
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
    public synchronized boolean add(Migration migration) {
        if (migrations.containsKey(migration.name())) {
            return false;
        }
        write(migration);
        return true;
    }

    /**
     * Changes a migration, one change after the other.
     *
     * @return the migration as it is now
     * @throws StoreFenced if another control plane has taken over
     */
    public synchronized Migration update(String name, UnaryOperator<Migration> change) {
        Migration before = migrations.get(name);
        if (before == null) {
            throw new IllegalArgumentException("There is no migration " + name);
        }
        Migration after = change.apply(before);
        if (!after.equals(before)) {
            write(after);
        }
        return after;
    }

    /**
     * Forgets a migration.
     *
     * @param mayGo asked of every pair; if one has to stay, nothing happens
     * @throws StoreFenced if another control plane has taken over
     */
    public synchronized void remove(String name, Predicate<DatabaseStatus> mayGo) {
        Migration found = migrations.get(name);
        if (found != null && found.databases().stream().allMatch(mayGo)) {
            send(name, null);
            migrations.remove(name);
        }
    }

    /** Whether another control plane has taken over. */
    public boolean isFenced() {
        return fenced;
    }

    private void write(Migration migration) {
        try {
            send(migration.name(), json.writeValueAsString(migration));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A migration's state is not writable", e);
        }
        migrations.put(migration.name(), migration);
    }

    private void send(String name, @Nullable String value) {
        try {
            producer.beginTransaction();
            // the commit below waits for it and throws what went wrong
            var unused = producer.send(new ProducerRecord<>(TOPIC, name, value));
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            fenced = true;
            throw new StoreFenced(e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
