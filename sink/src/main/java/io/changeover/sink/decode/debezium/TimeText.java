package io.changeover.sink.decode.debezium;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Dates and times in PostgreSQL's ISO form: years before the first are BC, a day may end at 24:00. */
final class TimeText {

    static final String INFINITY = "infinity";
    static final String MINUS_INFINITY = "-infinity";

    private static final LocalDate FIRST_DATE = LocalDate.of(-4713, 11, 24);
    private static final LocalDate LAST_DATE = LocalDate.of(5_874_897, 12, 31);

    /** PostgreSQL's infinite timestamps as Debezium sends them, microseconds since 1970. */
    private static final long DRIVER_INFINITY_MICROS = 9_223_372_036_825_200_000L;

    private static final long DRIVER_MINUS_INFINITY_MICROS = -9_223_372_036_832_400_000L;

    private TimeText() {}

    /** Days since 1970. What no column of type date can hold is one of the numbers that stand for infinity. */
    static String date(long days) {
        if (days > LAST_DATE.toEpochDay()) {
            return INFINITY;
        }
        return days < FIRST_DATE.toEpochDay() ? MINUS_INFINITY : date(LocalDate.ofEpochDay(days));
    }

    static String date(LocalDate date) {
        return date.getYear() > 0 ? day(date.getYear(), date) : day(1 - date.getYear(), date) + " BC";
    }

    private static String day(int year, LocalDate date) {
        return "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
    }

    /** Since midnight; 24:00 is a time too. */
    static String time(long amount, ChronoUnit unit) {
        long nanos = Math.multiplyExact(amount, unit.getDuration().toNanos());
        long seconds = nanos / 1_000_000_000;
        return clock(seconds / 3600, seconds / 60 % 60, seconds % 60, nanos % 1_000_000_000);
    }

    static String clock(long hour, long minute, long second, long nanos) {
        String clock = "%02d:%02d:%02d".formatted(hour, minute, second);
        return nanos == 0 ? clock : clock + fraction(nanos);
    }

    private static String fraction(long nanos) {
        return ".%09d".formatted(nanos).replaceAll("0+$", "");
    }

    /** Since 1970; numbers that stand for infinity are those of PostgreSQL's driver. */
    static String timestamp(long amount, ChronoUnit unit) {
        if (isInfinity(amount, unit)) {
            return amount > 0 ? INFINITY : MINUS_INFINITY;
        }
        return timestamp(LocalDateTime.ofInstant(Instant.EPOCH.plus(amount, unit), ZoneOffset.UTC));
    }

    private static boolean isInfinity(long amount, ChronoUnit unit) {
        long perUnit = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(1, unit));
        return perUnit > 0
                && (amount == DRIVER_INFINITY_MICROS / perUnit || amount == DRIVER_MINUS_INFINITY_MICROS / perUnit);
    }

    static String timestamp(LocalDateTime moment) {
        String clock = clock(moment.getHour(), moment.getMinute(), moment.getSecond(), moment.getNano());
        return moment.getYear() > 0
                ? day(moment.getYear(), moment.toLocalDate()) + " " + clock
                : day(1 - moment.getYear(), moment.toLocalDate()) + " " + clock + " BC";
    }

    /** Of ISO 8601's form, which may have a sign before the year and a zone or none at its end. */
    static String iso(String text) {
        if (text.equals(INFINITY) || text.equals(MINUS_INFINITY) || text.isEmpty()) {
            return text;
        }
        boolean negative = text.charAt(0) == '-';
        String unsigned = negative || text.charAt(0) == '+' ? text.substring(1) : text;
        int end = unsigned.indexOf('-');
        if (end < 4) {
            return text; // a time without a date
        }
        long year = Long.parseLong(unsigned.substring(0, end));
        String rest = unsigned.substring(end);
        if (negative || year == 0) {
            return "%04d".formatted(negative ? year + 1 : 1) + rest + " BC";
        }
        return "%04d".formatted(year) + rest;
    }
}
