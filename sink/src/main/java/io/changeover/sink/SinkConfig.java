package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import io.changeover.sink.config.BatchKeys;
import io.changeover.sink.config.FailureKeys;
import io.changeover.sink.config.GivenKeys;
import io.changeover.sink.config.GuardKeys;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.config.TargetSettings;
import io.changeover.sink.config.TopicKeys;
import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.failure.Retries;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.guard.GuardMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * The sink's settings.
 *
 * @param stream what is read: a change topic, whose name is the stream's, or topics of another source
 * @param target where to write
 * @param limits how much is held and grouped
 * @param guard how foreign keys, triggers and rules are kept quiet
 * @param longestGroup how long a group's target transaction lasts at most, about
 * @param maxRetries attempts after a failure, {@link Retries#UNLIMITED} for no end
 * @param retryBackoff the first waiting time
 * @param changeFailures what a change does that cannot be applied
 */
record SinkConfig(
        String stream,
        ServerSettings target,
        BufferLimits limits,
        GuardMode guard,
        Duration longestGroup,
        int maxRetries,
        Duration retryBackoff,
        ChangeFailureMode changeFailures) {

    /**
     * Reads settings.
     *
     * @throws ConfigException for a value that is missing, wrong, or has a key nobody knows
     */
    static SinkConfig of(Map<String, String> properties) {
        Map<String, String> settings = GivenKeys.of(properties).requireRight();
        AbstractConfig config = new AbstractConfig(SinkDefinition.KEYS, settings, false);
        return new SinkConfig(
                stream(config),
                TargetSettings.of(config),
                new BufferLimits(
                        config.getInt(BatchKeys.BATCH_SIZE),
                        config.getInt(BatchKeys.BUFFER_CHANGES),
                        config.getLong(BatchKeys.BUFFER_BYTES)),
                GuardMode.of(config.getString(GuardKeys.CONSTRAINT_GUARD)),
                Duration.ofMillis(config.getLong(BatchKeys.GROUP_MAX_MS)),
                config.getInt(FailureKeys.MAX_RETRIES),
                Duration.ofMillis(config.getLong(FailureKeys.RETRY_BACKOFF_MS)),
                ChangeFailureMode.of(config.getString(FailureKeys.CHANGE_FAILURE_MODE)));
    }

    private static String stream(AbstractConfig config) {
        List<String> topics = config.getList(TopicKeys.TOPICS);
        String pattern = config.getString(TopicKeys.TOPICS_REGEX);
        if (topics.isEmpty() == pattern.isEmpty()) {
            throw new ConfigException(TopicKeys.TOPICS, topics, "give topics, or topics.regex");
        }
        return topics.isEmpty() ? pattern : String.join(",", topics);
    }
}
