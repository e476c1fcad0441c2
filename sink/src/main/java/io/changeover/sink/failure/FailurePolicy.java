package io.changeover.sink.failure;

import java.sql.SQLException;

/** What to do about an error of the target; {@link FailureTable} says which error gets which. */
public enum FailurePolicy {
    /** Roll back, connect again, read the position, go on from there: it passes by itself. */
    RETRY("retry"),
    /** Stop the task; a person has to read why. */
    STOP("stop"),
    /** The change cannot be applied: {@link ChangeFailureMode} says whether the stream stops or only its table. */
    REFUSED("refused");

    private final String word;

    FailurePolicy(String word) {
        this.word = word;
    }

    /** As the documentation calls it. */
    public String word() {
        return word;
    }

    public static FailurePolicy of(SQLException error) {
        return FailureTable.of(error).policy();
    }
}
