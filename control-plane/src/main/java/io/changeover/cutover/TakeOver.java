package io.changeover.cutover;

import java.sql.Connection;
import java.sql.SQLException;

/** What has to be so when the target is opened, and not before. */
@FunctionalInterface
public interface TakeOver {

    /** Nothing. */
    TakeOver NOTHING = target -> {};

    /**
     * Does it in the freeze, in the transaction that takes the stream from the sink; if that is rolled back, it was not
     * done.
     *
     * @param target with the transaction open; nothing of the stream is applied any more
     * @throws CutoverGivenUp if the cutover must not go on
     */
    void run(Connection target) throws SQLException, CutoverGivenUp;
}
