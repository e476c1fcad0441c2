package io.changeover.cli;

import io.changeover.api.Views;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Words {

    private static final long FOLLOWS = 2000;

    private Words() {}

    /** {@code 1,234,567}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 512 B}, {@code 3.4 MB}. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB"};
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** {@code 820 ms}, {@code 4.2 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
    static String time(Duration time) {
        long millis = Math.max(0, time.toMillis());
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        return time.toHours() == 0
                ? String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart());
    }

    /** {@code , there in 4.2 s}; empty if the target follows, or does not come nearer. */
    static String eta(Views.PendingView pending) {
        return pending.etaMillis()
                .filter(millis -> pending.lagMillis() >= FOLLOWS)
                .map(millis -> ", there in " + time(Duration.ofMillis(millis)))
                .orElse("");
    }

    /** {@code public.t set aside: 22P02: …, 6 changes not applied}. */
    static String quarantine(Views.QuarantineView change) {
        return String.format(
                "%s %s at %s: %s of a row: %s%s",
                change.table(),
                change.state(),
                change.commitLsn(),
                change.operation(),
                change.message(),
                change.heldBack() == 0 ? "" : ", " + number(change.heldBack()) + " changes not applied");
    }

    /** At most so many characters, with an ellipsis; characters that steer a terminal are replaced. */
    static String cut(String text, int length) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= length ? plain : plain.substring(0, length - 1) + "…";
    }
}
