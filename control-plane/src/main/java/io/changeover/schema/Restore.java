package io.changeover.schema;

import io.changeover.schema.RestoreScript.Entry;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Runs a script in one transaction together with the record that it was run: after a crash at any point either both are
 * there or nothing is. The commit is sent only after everything has succeeded, so a server that goes on working for a
 * client which is gone commits nothing.
 */
final class Restore {

    private static final String OUT_OF_LOCKS = "53200";

    private Restore() {}

    /**
     * Runs it.
     *
     * @param target a session for this alone, in auto-commit mode; afterwards it is only good for closing
     * @throws SchemaException names the object that could not be made
     */
    static void run(Connection target, RestoreScript script, StepRecord step) throws SchemaException, SQLException {
        target.setAutoCommit(false);
        try {
            Script.run(target, script.sql());
            step.write(target);
            target.commit();
        } catch (SQLException e) {
            target.rollback();
            explain(target, script, e);
        }
    }

    /**
     * Runs it again, object by object, to see where it fails. The script as a whole takes one round trip; this does
     * not.
     */
    private static void explain(Connection target, RestoreScript script, SQLException failure)
            throws SchemaException, SQLException {
        try {
            Script.run(target, script.settings());
            for (Entry entry : script.entries()) {
                explain(target, entry);
            }
        } finally {
            target.rollback();
        }
        throw new SchemaException("The structure could not be made: " + failure.getMessage(), failure);
    }

    private static void explain(Connection target, Entry entry) throws SchemaException {
        try {
            Script.run(target, entry.sql());
        } catch (SQLException e) {
            String advice = OUT_OF_LOCKS.equals(e.getSQLState())
                    ? ": raise max_locks_per_transaction on the target; all objects are made in one transaction"
                    : "";
            throw new SchemaException(
                    "Could not make " + entry.object() + " on the target: " + e.getMessage() + advice, e);
        }
    }
}
