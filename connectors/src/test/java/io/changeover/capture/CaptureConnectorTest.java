package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CaptureConnectorTest {

    @Test
    void whatExactnessNeedsIsNotLeftToTheDeployer() {
        assertThat(CaptureConnector.complete(Map.of("snapshot.mode", "initial", "skipped.operations", "t")))
                .containsAllEntriesOf(CaptureConnector.FIXED);
    }

    @Test
    void defaultsCanBeChanged() {
        Map<String, String> complete = CaptureConnector.complete(Map.of("max.batch.size", "7", "slot.name", "mine"));

        assertThat(complete)
                .containsEntry("max.batch.size", "7")
                .containsEntry("slot.name", "mine")
                .containsEntry("heartbeat.interval.ms", "1000");
    }
}
