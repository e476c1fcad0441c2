package io.changeover.cutover;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What compares both sides while changes flow, as far as a cutover needs it. */
public interface Verification {

    /** Nobody compares before the switch; the comparison comes after it. */
    Verification NONE = new Verification() {
        @Override
        public List<String> problems() {
            return List.of();
        }

        @Override
        public List<String> rest(Connection source, Connection target, Duration time) {
            return List.of();
        }
    };

    /** What differs, or is not known to be equal and has to be, a sentence each; empty if a cutover may begin. */
    List<String> problems() throws SQLException;

    /**
     * Compares what has changed since it was compared last. The source is fenced, and everything is applied.
     *
     * @param time how long it may take
     * @return what differs, a sentence each
     */
    List<String> rest(Connection source, Connection target, Duration time) throws SQLException;
}
