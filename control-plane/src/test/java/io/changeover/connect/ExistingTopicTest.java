package io.changeover.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.migration.Names;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Change topics that are on a real broker before their migration begins. */
@ExtendWith(StackExtension.class)
class ExistingTopicTest {

    private static final String SIZE = "max.message.bytes";

    @Test
    void topicThatTakesLessThanTheCaptureWritesIsFound(SharedStack stack, Databases databases) throws Exception {
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        String name = new Names(spec.name(), databases.name()).changeTopic();
        Map<String, String> capture =
                new ConnectorTemplates(spec, spec.databases().get(0)).capture(Optional.empty());
        String wanted = capture.get("producer.override.max.request.size");
        Map<String, String> settings = new HashMap<>(topicSettings(capture));
        settings.put(SIZE, String.valueOf(Integer.parseInt(wanted) - 1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            assertThat(ChangeTopicCheck.problems(admin, spec)).isEmpty();
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(settings)))
                    .all()
                    .get();

            assertThat(ChangeTopicCheck.problems(admin, spec))
                    .singleElement()
                    .asString()
                    .contains(name, settings.get(SIZE) + " bytes", SIZE + "=" + wanted);

            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, name),
                            List.of(new AlterConfigOp(new ConfigEntry(SIZE, wanted), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            assertThat(ChangeTopicCheck.problems(admin, spec)).isEmpty();
        }
    }

    /** What the capture would make the topic with. */
    private static Map<String, String> topicSettings(Map<String, String> capture) {
        String prefix = "topic.creation.default.";
        Map<String, String> settings = new HashMap<>();
        capture.forEach((key, value) -> {
            if (key.startsWith(prefix) && !key.endsWith(".partitions") && !key.endsWith(".replication.factor")) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }
}
