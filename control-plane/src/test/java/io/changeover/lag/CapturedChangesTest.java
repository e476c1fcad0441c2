package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.kafka.KafkaClients;
import io.changeover.postgres.TableName;
import io.changeover.wire.RecordJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** Against a topic of a real broker. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class CapturedChangesTest {

    private static final TableName T = new TableName("s", "t");
    private static final TableName U = new TableName("s", "u");
    private static final LogSequenceNumber NOTHING = LogSequenceNumber.valueOf(0);

    private final String topic = "captured." + UUID.randomUUID();
    private KafkaProducer<byte[], byte[]> producer;
    private CapturedChanges captured;

    @BeforeEach
    void open(SharedStack stack) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        captured = new CapturedChanges(KafkaClients.plain(stack.bootstrapServers()), topic, 0, NOTHING);
    }

    @AfterEach
    void close() {
        captured.close();
        producer.close();
    }

    @Test
    void countsWhatIsCapturedAndNotApplied() throws Exception {
        send(
                new ChangeEvent.Started(LogSequenceNumber.valueOf(5)),
                new ChangeEvent.Begin(1, LogSequenceNumber.valueOf(5)));
        send(new ChangeEvent.Insert(T, Tuple.EMPTY)); // cut off: comes again with its transaction
        send(transaction(100, 3, 0));
        send(transaction(200, 1, 4));
        readUntil(200, NOTHING);

        assertThat(captured.count().pending()).isEqualTo(8);
        assertThat(captured.count().pending(T)).isEqualTo(4);
        assertThat(captured.count().pending(U)).isEqualTo(4);
        assertThat(captured.count().pending(new TableName("s", "other"))).isZero();
        assertThat(captured.topicEnd()).isEqualTo(4);

        captured.read(LogSequenceNumber.valueOf(100));
        assertThat(captured.count().pending()).isEqualTo(5);
        captured.read(LogSequenceNumber.valueOf(200));
        assertThat(captured.count().pending()).isZero();
    }

    @Test
    void transactionWhoseEndHasNotComeIsPending() throws Exception {
        send(transaction(100, 1, 0));
        send(
                new ChangeEvent.Begin(2, LogSequenceNumber.valueOf(5)),
                new ChangeEvent.Insert(T, Tuple.EMPTY),
                new ChangeEvent.Insert(T, Tuple.EMPTY));
        Awaitility.await().until(() -> {
            captured.read(LogSequenceNumber.valueOf(100));
            return captured.count().pending() == 2;
        });
        send(new ChangeEvent.Piece(true, "c", 0, 2, "x"));
        Awaitility.await().until(() -> {
            captured.read(LogSequenceNumber.valueOf(100));
            return captured.count().pending() == 3;
        });
        assertThat(captured.count().pending(T)).isEqualTo(2);
        assertThat(captured.count().lastEnd()).isEqualTo(LogSequenceNumber.valueOf(100));

        send(transaction(200, 3, 0)); // the capture was restarted
        readUntil(200, LogSequenceNumber.valueOf(100));
        assertThat(captured.count().pending()).isEqualTo(3);
    }

    @Test
    void transactionThatIsSentAgainCountsOnce() throws Exception {
        for (ChangeEvent[] sent : List.of(transaction(100, 3, 0), transaction(200, 1, 0))) {
            send(sent);
        }
        send(transaction(100, 3, 0));
        send(Stream.of(transaction(200, 1, 0), transaction(300, 1, 0))
                .flatMap(Stream::of)
                .toArray(ChangeEvent[]::new));
        readUntil(300, NOTHING);

        assertThat(captured.count().pending()).isEqualTo(5);
    }

    @Test
    void whatTheTargetHasAlreadyIsNotCountedAtAStart(SharedStack stack) throws Exception {
        send(transaction(100, 3, 0));
        send(transaction(200, 1, 0));
        captured.close();
        captured = new CapturedChanges(
                KafkaClients.plain(stack.bootstrapServers()), topic, 0, LogSequenceNumber.valueOf(100));
        readUntil(200, LogSequenceNumber.valueOf(100));

        assertThat(captured.count().pending()).isEqualTo(1);
    }

    /** Beyond 10,000 transactions the last bunch grows; the number may be too high, and never too low. */
    @Test
    void deepBacklogIsNeverCountedTooLow() throws Exception {
        int transactions = 12_000;
        for (int i = 1; i <= transactions; i++) {
            send(transaction(i, 1, 1));
        }
        readUntil(transactions, NOTHING);

        for (int applied = 0; applied <= transactions; applied += 500) {
            captured.read(LogSequenceNumber.valueOf(applied));
            assertThat(captured.count().pending()).isGreaterThanOrEqualTo(2L * (transactions - applied));
        }
        assertThat(captured.count().pending()).isZero();
        send(transaction(transactions + 1, 1, 1));
        readUntil(transactions + 1, LogSequenceNumber.valueOf(transactions));
        assertThat(captured.count().pending()).isEqualTo(2);
    }

    private void readUntil(long lsn, LogSequenceNumber applied) {
        Awaitility.await().until(() -> {
            captured.read(applied);
            return captured.count().lastEnd().asLong() == lsn;
        });
    }

    private static ChangeEvent[] transaction(long lsn, int changesOfT, int changesOfU) {
        List<ChangeEvent> events = new ArrayList<>();
        events.add(new ChangeEvent.Begin(lsn, LogSequenceNumber.valueOf(lsn - 1)));
        events.addAll(Collections.nCopies(changesOfT, new ChangeEvent.Insert(T, Tuple.EMPTY)));
        events.addAll(Collections.nCopies(changesOfU, new ChangeEvent.Update(U, Tuple.EMPTY, Tuple.EMPTY)));
        events.add(new ChangeEvent.End(lsn, LogSequenceNumber.valueOf(lsn), 0, events.size() - 1L));
        return events.toArray(ChangeEvent[]::new);
    }

    /** One record. */
    private void send(ChangeEvent... events) {
        producer.send(new ProducerRecord<>(topic, RecordJson.write(List.of(events))));
    }
}
