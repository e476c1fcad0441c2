package io.changeover.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast something grows, from the looks of a window of time. Not thread-safe. */
final class Rate {

    private static final Duration SHORT = Duration.ofSeconds(10);

    private record Look(Instant at, long amount) {}

    private final Duration window;
    private final Deque<Look> looks = new ArrayDeque<>();

    /** Over ten seconds. */
    Rate() {
        this(SHORT);
    }

    Rate(Duration window) {
        this.window = window;
    }

    /** Adds a look; something that has become less has begun again. */
    void look(Instant at, long amount) {
        if (!looks.isEmpty() && amount < looks.getLast().amount()) {
            looks.clear();
        }
        looks.addLast(new Look(at, amount));
        while (looks.size() > 2 && looks.getFirst().at().isBefore(at.minus(window))) {
            looks.removeFirst();
        }
    }

    /** How much in a second; 0 before the second look. */
    double perSecond() {
        if (looks.size() < 2) {
            return 0;
        }
        long millis =
                Duration.between(looks.getFirst().at(), looks.getLast().at()).toMillis();
        long grown = looks.getLast().amount() - looks.getFirst().amount();
        return millis <= 0 ? 0 : grown * 1000.0 / millis;
    }

    /** How long the rest takes at this rate; empty if nothing moves. */
    Optional<Duration> timeFor(long rest) {
        double rate = perSecond();
        return rate <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (Math.max(0, rest) * 1000 / rate)));
    }
}
