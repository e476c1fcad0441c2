package io.changeover.bench;

import java.util.Locale;

/** Measured numbers as people read them: as many digits as mean something. */
public final class Figures {

    private Figures() {}

    /** {@code 1,234,567}, {@code 51.3}, {@code 2.31}. */
    public static String of(double number) {
        double size = Math.abs(number);
        return String.format(Locale.ROOT, size >= 1000 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", number);
    }
}
