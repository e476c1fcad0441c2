package io.changeover.sink.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether Connect may leave records out that it cannot convert: of a change topic, never. */
public final class ErrorTolerance {

    /** Connect's key. */
    public static final String KEY = "errors.tolerance";

    private ErrorTolerance() {}

    /** Whether records that cannot be read are to be left out. */
    public static boolean isAll(Map<String, String> settings) {
        return settings.getOrDefault(KEY, "none").toLowerCase(Locale.ROOT).equals("all");
    }

    /** Why a configuration of a change topic is refused, if it is. */
    public static Optional<String> refusal(Map<String, String> settings) {
        return isAll(settings)
                ? Optional.of(
                        "CO-2033: errors.tolerance=all would leave out, in silence, records of the change topic that"
                                + " Connect cannot convert, and what is behind them would not be whole. Leave it at none; a dead"
                                + " letter queue and errors.log.enable work with none, too")
                : Optional.empty();
    }
}
