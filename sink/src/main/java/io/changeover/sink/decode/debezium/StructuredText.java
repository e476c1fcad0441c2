package io.changeover.sink.decode.debezium;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.apache.kafka.connect.data.Struct;

/** Debezium's structured temporal values ({@code time.precision.mode=structured}), field by field. */
final class StructuredText {

    private StructuredText() {}

    static String date(Struct value) {
        return special(value).isEmpty() ? TimeText.date(day(value)) : special(value);
    }

    static String time(Struct value) {
        return clock(value);
    }

    static String zonedTime(Struct value) {
        return clock(value) + offset(value);
    }

    static String timestamp(Struct value) {
        return timestamp(value, "");
    }

    static String zonedTimestamp(Struct value) {
        return timestamp(value, has(value, "offsetSeconds") ? offset(value) : "+00:00");
    }

    private static String timestamp(Struct value, String zone) {
        if (!special(value).isEmpty()) {
            return special(value);
        }
        String[] date = TimeText.date(day(value)).split(" ", 2);
        return date[0] + " " + clock(value) + zone + (date.length > 1 ? " " + date[1] : "");
    }

    /** PostgreSQL keeps months, days and the rest apart, and so does this. */
    static String interval(Struct value) {
        BigDecimal seconds =
                BigDecimal.valueOf(number(value, "seconds")).add(BigDecimal.valueOf(number(value, "nanos"), 9));
        return number(value, "years") + " years " + number(value, "months") + " mons " + number(value, "days")
                + " days " + number(value, "hours") + " hours " + number(value, "minutes") + " mins "
                + seconds.toPlainString() + " secs";
    }

    private static LocalDate day(Struct value) {
        return LocalDate.of(
                Math.toIntExact(number(value, "year")),
                Math.toIntExact(number(value, "month")),
                Math.toIntExact(number(value, "day")));
    }

    private static String clock(Struct value) {
        return TimeText.clock(
                number(value, "hour"), number(value, "minute"), number(value, "second"), number(value, "nanos"));
    }

    private static String offset(Struct value) {
        long seconds = number(value, "offsetSeconds");
        long size = Math.abs(seconds);
        return (seconds < 0 ? "-" : "+") + "%02d:%02d:%02d".formatted(size / 3600, size / 60 % 60, size % 60);
    }

    /** Infinity, or empty for a moment. */
    private static String special(Struct value) {
        if (!has(value, "specialValue")) {
            return "";
        }
        return switch (value.getString("specialValue")) {
            case "POSITIVE_INFINITY" -> TimeText.INFINITY;
            case "NEGATIVE_INFINITY" -> TimeText.MINUS_INFINITY;
            default -> throw new UnreadableValueException("has an unknown special value");
        };
    }

    private static boolean has(Struct value, String field) {
        return value.schema().field(field) != null && value.getWithoutDefault(field) != null;
    }

    private static long number(Struct value, String field) {
        return has(value, field) && value.getWithoutDefault(field) instanceof Number number ? number.longValue() : 0;
    }
}
