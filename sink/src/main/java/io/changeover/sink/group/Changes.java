package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import java.util.ArrayList;
import java.util.List;

/** Changes in order, and how much memory they take. Not thread-safe. */
final class Changes {

    private final List<ChangeEvent> events = new ArrayList<>();
    private long bytes;

    void add(ChangeEvent change) {
        events.add(change);
        bytes += ChangeSize.of(change);
    }

    List<ChangeEvent> events() {
        return events;
    }

    int count() {
        return events.size();
    }

    long bytes() {
        return bytes;
    }
}
