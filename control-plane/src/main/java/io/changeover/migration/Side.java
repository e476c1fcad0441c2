package io.changeover.migration;

import java.util.Locale;

/** One of the two servers. */
public enum Side {
    SOURCE,
    TARGET;

    /** {@code source} or {@code target}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
