package io.changeover.sink.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether records may be left out that cannot be converted or applied: of a change topic never, of rows if they are
 * kept in a dead letter queue.
 */
public final class ErrorTolerance {

    /** Connect's key. */
    public static final String KEY = "errors.tolerance";

    private static final String DEAD_LETTERS = "errors.deadletterqueue.topic.name";

    private ErrorTolerance() {}

    /** Whether records that cannot be converted or applied are to be left out. */
    public static boolean isAll(Map<String, String> settings) {
        return settings.getOrDefault(KEY, "none").toLowerCase(Locale.ROOT).equals("all");
    }

    /** Why a configuration is refused, if it is. */
    public static Optional<String> refusal(Map<String, String> settings) {
        boolean isRows = "rows".equals(settings.get(RowKeys.FORMAT));
        boolean areKept = !settings.getOrDefault(DEAD_LETTERS, "").isEmpty();
        return isAll(settings) && !(isRows && areKept)
                ? Optional.of("CO-2033: errors.tolerance=all would leave out, in silence, records of the change topic"
                        + " that Connect cannot convert, and what is behind them would not be whole. Leave it at none;"
                        + " a dead letter queue and errors.log.enable work with none, too. For topics of a stock"
                        + " Debezium source it is allowed with record.format=rows and " + DEAD_LETTERS)
                : Optional.empty();
    }
}
