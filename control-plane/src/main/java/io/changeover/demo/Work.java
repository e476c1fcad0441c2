package io.changeover.demo;

import java.sql.SQLException;

/** One kind of transaction of the write load: its statements, without the commit. */
@FunctionalInterface
interface Work {

    /**
     * Runs the statements.
     *
     * @param session not in a transaction yet
     * @param pick which rows
     * @return whether to commit
     * @throws SQLException if the server refuses a statement; the transaction is then rolled back
     */
    Outcome run(Session session, Pick pick) throws SQLException;
}
