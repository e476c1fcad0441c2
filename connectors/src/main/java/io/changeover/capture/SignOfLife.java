package io.changeover.capture;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often a server that sends a stream is told that its reader is there: it ends a connection that is silent for
 * {@code wal_sender_timeout}, also while the reader waits for Kafka.
 */
final class SignOfLife {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final int PER_TIMEOUT = 4;
    private static final Pattern SETTING = Pattern.compile("(\\d+)(ms|s|min|h|d)?");

    private SignOfLife() {}

    /**
     * Asks the server.
     *
     * @param replication a replication connection, whose own setting counts
     * @return a part of the server's patience, 10 s at most; that also on a server before PostgreSQL 10, which cannot
     *     be asked
     */
    static Duration interval(Connection replication) throws SQLException {
        if (replication.getMetaData().getDatabaseMajorVersion() < 10) {
            return LONGEST;
        }
        try (Statement show = replication.createStatement();
                ResultSet rows = show.executeQuery("show wal_sender_timeout")) {
            rows.next();
            return interval(rows.getString(1));
        }
    }

    /**
     * The interval for a timeout.
     *
     * @param timeout as PostgreSQL shows it: a number with its unit; 0 for none
     */
    static Duration interval(String timeout) {
        Matcher setting = SETTING.matcher(timeout);
        if (!setting.matches()) {
            throw new IllegalArgumentException("wal_sender_timeout is no time: " + timeout);
        }
        Duration part = unit(setting.group(2))
                .multipliedBy(Long.parseLong(setting.group(1)))
                .dividedBy(PER_TIMEOUT);
        if (part.isZero() || part.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return part.compareTo(SHORTEST) < 0 ? SHORTEST : part;
    }

    private static Duration unit(@Nullable String unit) {
        return switch (unit == null ? "ms" : unit) {
            case "s" -> Duration.ofSeconds(1);
            case "min" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofMillis(1);
        };
    }
}
