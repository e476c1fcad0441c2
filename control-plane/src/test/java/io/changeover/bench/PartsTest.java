package io.changeover.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {

    private final List<String> stopped = new ArrayList<>();
    private final Parts parts = new Parts();

    @Test
    void theLastStartedStopsFirstAndOnlyOnce() {
        add("broker");
        add("worker");

        parts.close();
        parts.close();

        assertThat(stopped).containsExactly("worker", "broker");
    }

    @Test
    void aPartThatDoesNotStopDoesNotKeepTheOthers() {
        add("broker");
        parts.add(() -> {
            throw new IllegalStateException("stuck");
        });

        parts.close();

        assertThat(stopped).containsExactly("broker");
    }

    @Test
    void whatIsStartedAfterAnInterruptionIsStoppedAtOnce() {
        parts.close();

        assertThatThrownBy(() -> add("late")).isInstanceOf(IllegalStateException.class);
        assertThat(stopped).containsExactly("late");
    }

    private void add(String name) {
        parts.add(() -> stopped.add(name));
    }
}
