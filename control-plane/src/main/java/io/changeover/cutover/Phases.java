package io.changeover.cutover;

import io.changeover.migration.CutoverResult.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Times the parts of the freeze. */
final class Phases {

    private final long begin;
    private final List<Phase> phases = new ArrayList<>();
    private long last;

    /** From this moment on, by {@link System#nanoTime()}. */
    Phases(long begin) {
        this.begin = begin;
        this.last = begin;
    }

    void end(String name) {
        long now = System.nanoTime();
        phases.add(new Phase(name, Duration.ofNanos(now - last).toMillis()));
        last = now;
    }

    long total() {
        return Duration.ofNanos(last - begin).toMillis();
    }

    List<Phase> all() {
        return phases;
    }
}
