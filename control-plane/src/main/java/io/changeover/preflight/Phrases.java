package io.changeover.preflight;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Names in a sentence. */
final class Phrases {

    private static final int SHOWN = 20;

    private Phrases() {}

    /** The first twenty with commas between them, and how many more there are. */
    static String some(List<?> names) {
        String shown = String.join(
                ", ", names.stream().limit(SHOWN).map(Object::toString).toList());
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }

    /** {@code 1 table}, {@code 3 tables}. */
    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** {@code 8 seconds}, {@code 12 minutes}, {@code 3 hours}. */
    static String about(Duration duration) {
        if (duration.toMinutes() < 2) {
            return count(duration.toSeconds(), "second");
        }
        return duration.toHours() < 3 ? count(duration.toMinutes(), "minute") : count(duration.toHours(), "hour");
    }

    /** {@code 812 MB}, {@code 12.3 GB}. */
    static String size(long bytes) {
        return bytes < 10L << 30
                ? (bytes >> 20) + " MB"
                : String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
    }
}
