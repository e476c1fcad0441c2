package io.changeover.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket of permits for each key, refilled at a steady rate. It remembers the keys that came last; one that it has
 * forgotten has a full bucket again. Safe for use by several threads.
 */
public final class RateLimit {

    private static final int KEYS = 10_000;

    private record Bucket(double permits, Instant at) {}

    private final Clock clock;
    private final int burst;
    private final double perSecond;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > KEYS;
        }
    };

    /**
     * A limit.
     *
     * @param burst how many may come at once
     * @param perSecond how many may come for ever
     */
    public RateLimit(Clock clock, int burst, double perSecond) {
        this.clock = clock;
        this.burst = burst;
        this.perSecond = perSecond;
    }

    /** Takes a permit; if there is none, says how long it takes until there is one. */
    public synchronized Optional<Duration> take(String key) {
        Instant now = clock.instant();
        double permits = permits(buckets.getOrDefault(key, new Bucket(burst, now)), now);
        boolean granted = permits >= 1;
        buckets.put(key, new Bucket(granted ? permits - 1 : permits, now));
        return granted
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) Math.ceil((1 - permits) / perSecond * 1000)));
    }

    /** A clock that was set back gives nothing and takes nothing. */
    private double permits(Bucket bucket, Instant now) {
        double seconds = Math.max(0, Duration.between(bucket.at(), now).toMillis() / 1000.0);
        return Math.min(burst, bucket.permits() + seconds * perSecond);
    }
}
