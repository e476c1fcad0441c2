package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.preflight.ClusterFacts.TopicFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeTopicRulesTest {

    private static final Map<String, String> GOOD = Map.of(
            "max.message.bytes", "16777216",
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1");

    @Test
    void topicAsTheCaptureMakesItIsGood() {
        assertThat(check(1, GOOD, 16_777_216)).isEmpty();
    }

    @Test
    void everySettingThatLosesChangesIsNamedWithItsRemedy() {
        assertThat(check(3, GOOD, 1)).singleElement().asString().contains("3 partitions");
        assertThat(check(1, GOOD, 16_777_217))
                .singleElement()
                .asString()
                .contains("16777216 bytes", "max.message.bytes=16777217");
        Map.of("cleanup.policy", "compact", "retention.ms", "604800000", "retention.bytes", "1")
                .forEach((key, value) -> assertThat(check(1, with(key, value), 1))
                        .singleElement()
                        .asString()
                        .contains(key + "=" + value, "--add-config " + key + "=" + GOOD.get(key)));
    }

    private static List<String> check(int partitions, Map<String, String> settings, long largest) {
        return ChangeTopicRules.check("t", new TopicFacts(partitions, settings), largest)
                .map(finding -> finding.message() + " " + finding.commands())
                .toList();
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> settings = new HashMap<>(GOOD);
        settings.put(key, value);
        return settings;
    }
}
