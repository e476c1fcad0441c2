package io.changeover.load;

import io.changeover.contract.Version;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes the rows that {@link TopicLoadConnector} has put into a load topic. A partition belongs to one task. */
public final class TopicLoadSinkConnector extends SinkConnector {

    private Map<String, String> properties = Map.of();

    @Override
    public void start(Map<String, String> given) {
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return TopicLoadSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    /** What counts is in the ledger, so a topic may be read again from anywhere. */
    @Override
    public boolean alterOffsets(Map<String, String> settings, Map<TopicPartition, Long> offsets) {
        return true;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return TopicLoadSinkConfig.DEFINITION;
    }

    @Override
    public String version() {
        return Version.current();
    }
}
