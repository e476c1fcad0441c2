package io.changeover.connect;

import io.changeover.spec.ClusterSpec;
import io.changeover.spec.MigrationSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Looks at an existing Kafka and Connect cluster before a migration uses it. */
public final class ClusterCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final List<String> PLUGINS = List.of(
            "io.changeover.capture.CaptureConnector",
            "io.changeover.load.LoadConnector",
            "io.changeover.load.TopicLoadConnector",
            "io.changeover.load.TopicLoadSinkConnector",
            "io.changeover.sink.PostgresSinkConnector");

    private ClusterCheck() {}

    /** What is wrong with it and what to do, one sentence each; empty if all is well. */
    public static List<String> problems(ClusterSpec cluster, MigrationSpec spec) {
        List<String> problems = new ArrayList<>();
        kafka(cluster.bootstrapServers(), spec, problems);
        connect(cluster.connectUrl(), problems);
        return problems;
    }

    private static void kafka(String bootstrapServers, MigrationSpec spec, List<String> problems) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrapServers,
                "default.api.timeout.ms", (int) PATIENCE.toMillis(),
                "request.timeout.ms", (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(config)) {
            admin.describeCluster().clusterId().get();
            problems.addAll(ChangeTopicCheck.problems(admin, spec));
        } catch (ExecutionException | KafkaException e) {
            problems.add("Kafka at " + bootstrapServers + " does not answer: check kafka.bootstrapServers, and that"
                    + " the brokers run and can be reached from here");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.add("Interrupted while looking at Kafka");
        }
    }

    private static void connect(String url, List<String> problems) {
        ConnectClient client = new ConnectClient(url, PATIENCE);
        try {
            PLUGINS.stream()
                    .filter(plugin -> !client.hasPlugin(plugin))
                    .forEach(plugin -> problems.add("Kafka Connect at " + url + " has no plugin " + plugin
                            + ": put Changeover's plugin directory into"
                            + " the plugin.path of every worker and restart them"));
        } catch (ConnectFailure e) {
            problems.add(e.getMessage() + ": check connect.url, and that the workers run and can be reached from here");
        }
    }
}
