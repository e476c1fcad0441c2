package io.changeover.bench.capture;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Makes the topics of a measurement, with the broker's own clock in every record, and removes them. */
public final class Topics implements AutoCloseable {

    private static final Map<String, String> CONFIG = Map.of(
            "message.timestamp.type", "LogAppendTime",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "max.message.bytes", String.valueOf(64 << 20),
            "file.delete.delay.ms", "0");

    private final Admin admin;

    public Topics(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Makes them, with one partition each. */
    public void create(List<String> names) throws ExecutionException, InterruptedException {
        admin.createTopics(names.stream()
                        .map(name -> new NewTopic(name, Optional.of(1), Optional.empty()).configs(CONFIG))
                        .toList())
                .all()
                .get();
    }

    /** Removes them and what is in them. */
    public void delete(List<String> names) throws ExecutionException, InterruptedException {
        admin.deleteTopics(names).all().get();
    }

    @Override
    public void close() {
        admin.close();
    }
}
