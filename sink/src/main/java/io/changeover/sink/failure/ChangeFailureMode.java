package io.changeover.sink.failure;

/**
 * What a change that cannot be applied does. Either way it is recorded, counted, and keeps the cutover from beginning.
 */
public enum ChangeFailureMode {
    /** The stream stops before the change, and goes on with it when the task is started again. */
    STOP("stop"),
    /** Its table is set aside from its source transaction on; the stream goes on for the other tables. */
    STOP_TABLE("stop-table");

    private final String word;

    ChangeFailureMode(String word) {
        this.word = word;
    }

    /** As the configuration calls it. */
    public String word() {
        return word;
    }

    /**
     * By the configuration's word.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ChangeFailureMode of(String word) {
        for (ChangeFailureMode mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("Not a way to handle a change that fails: " + word);
    }
}
