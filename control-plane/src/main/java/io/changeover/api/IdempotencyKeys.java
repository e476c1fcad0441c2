package io.changeover.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that were made with a key, and what was answered, the oldest forgotten first: at most so many, for a day,
 * and until the control plane ends. After that a repeated request is one of its own, which does no harm: what it asks
 * for is asked for already. Safe for use by several threads.
 *
 * @param <A> an answer
 */
final class IdempotencyKeys<A> {

    private static final Duration KEPT = Duration.ofHours(24);
    /** Longer than any request takes: who has not answered by then has died. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(2);

    /** What is to be done with a request. */
    sealed interface Verdict<A> {

        /** It is the first: do it, and {@link #answered} or {@link #failed}. */
        record First<A>() implements Verdict<A> {}

        /** It was done. */
        record Again<A>(A answer) implements Verdict<A> {}

        /** It is being done. */
        record UnderWay<A>() implements Verdict<A> {}

        /** The key was used for something else. */
        record Other<A>() implements Verdict<A> {}
    }

    private record Entry<A>(String request, Instant since, Optional<A> answer) {}

    private final Map<String, Entry<A>> entries = new LinkedHashMap<>();
    private final int most;
    private final Clock clock;

    IdempotencyKeys(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /**
     * Begins with a request.
     *
     * @param key with the caller's name, so that nobody gets another's answer
     * @param request what identifies it
     */
    synchronized Verdict<A> begin(String key, String request) {
        forget();
        Entry<A> known = entries.get(key);
        if (known == null) {
            entries.put(key, new Entry<>(request, clock.instant(), Optional.empty()));
            return new Verdict.First<>();
        }
        if (!known.request().equals(request)) {
            return new Verdict.Other<>();
        }
        return known.answer().<Verdict<A>>map(Verdict.Again::new).orElseGet(Verdict.UnderWay::new);
    }

    private void forget() {
        Instant now = clock.instant();
        entries.values()
                .removeIf(entry -> entry.since()
                        .plus(entry.answer().isPresent() ? KEPT : UNDER_WAY)
                        .isBefore(now));
        Iterator<Entry<A>> oldest = entries.values().iterator();
        while (entries.size() >= most && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Remembers what was answered. */
    synchronized void answered(String key, A answer) {
        entries.computeIfPresent(
                key, (same, entry) -> new Entry<>(entry.request(), entry.since(), Optional.of(answer)));
    }

    /** Forgets it: it may succeed another time. */
    synchronized void failed(String key) {
        entries.remove(key);
    }
}
