package io.changeover.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what servers acknowledged, and the longest time in which none did. Thread-safe. */
final class Acknowledgements {

    private final Map<String, ServerTally> byServer = new LinkedHashMap<>();
    private Instant latest;
    private Duration longestPause = Duration.ZERO;

    Acknowledgements(Instant start) {
        this.latest = start;
    }

    synchronized void add(String server, Instant now) {
        longestPause = longestPause(now);
        latest = now;
        ServerTally before = byServer.getOrDefault(server, new ServerTally(server, 0, now, now));
        byServer.put(server, before.next(now));
    }

    /** In the order of the servers' first acknowledgements. */
    synchronized List<ServerTally> byServer() {
        return List.copyOf(byServer.values());
    }

    /** The longest pause between two acknowledgements, or since the last one until {@code now}. */
    synchronized Duration longestPause(Instant now) {
        Duration pause = Duration.between(latest, now);
        return pause.compareTo(longestPause) > 0 ? pause : longestPause;
    }
}
