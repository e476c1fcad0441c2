package io.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkerTest {

    @Test
    void isReadBackFromItsMessage() {
        Marker marker = new Marker("42-a");

        assertThat(Marker.of(new ChangeEvent.Message(Marker.PREFIX, marker.content())))
                .contains(marker);
    }

    @Test
    void otherMessagesAreNone() {
        assertThat(Marker.of(new ChangeEvent.Message("somebody", new Marker("1").content())))
                .isEmpty();
        assertThat(Marker.of(new ChangeEvent.Message(Marker.PREFIX, Marker.HEARTBEAT)))
                .isEmpty();
    }
}
