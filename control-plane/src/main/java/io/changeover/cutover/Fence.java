package io.changeover.cutover;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;

/** Keeps every application from writing to the source, or proves that none does. */
public sealed interface Fence extends AutoCloseable permits LockFence, ExternalFence {

    /** A server that does not answer a short statement for so long does not answer it at all. */
    Duration ANSWER = Duration.ofSeconds(10);

    /**
     * Raises the one that is wanted.
     *
     * @throws CutoverGivenUp if somebody goes on writing; nothing is held
     */
    static Fence raise(ServerSettings source, Terms terms, Freeze freeze) throws SQLException, CutoverGivenUp {
        return switch (terms.spec().fence()) {
            case LOCK -> LockFence.raise(source, terms.patience(), freeze);
            case EXTERNAL ->
                ExternalFence.raise(source, terms.patience(), terms.spec().idleFor(), freeze);
        };
    }

    /** When it was raised, by {@link System#nanoTime()}: from then on writers may have waited. */
    long raisedAt();

    /**
     * Makes it last: new sessions of the source database are read-only, and those that are there are ended.
     *
     * @throws CutoverGivenUp if sessions do not end
     */
    void makeLasting(Consumer<CrashPoint> reached) throws SQLException, CutoverGivenUp;

    /**
     * A last look.
     *
     * @throws CutoverGivenUp if somebody has written since it was raised
     */
    void prove() throws SQLException, CutoverGivenUp;

    /** Lets go of what is not needed any more when the target is recorded as the one to write to. */
    void lower() throws SQLException;

    /** Lets go: the source is as it was, unless the fence was made to last. */
    @Override
    void close() throws SQLException;

    /** Makes new sessions of a database read-only, or writable again. */
    static void readOnly(ServerSettings source, boolean on) throws SQLException {
        try (Connection connection = Connections.open(source, SourceSessions.APPLICATION, ANSWER);
                Statement statement = connection.createStatement()) {
            if (!on && !isReadOnly(statement)) {
                return; // who does not own the database could not have made it so
            }
            statement.execute("alter database " + Identifier.quote(source.database())
                    + (on ? " set default_transaction_read_only = on" : " reset default_transaction_read_only"));
        }
    }

    private static boolean isReadOnly(Statement statement) throws SQLException {
        String sql = """
                select exists (select from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
                where d.datname = current_database() and s.setrole = 0
                and exists (select from unnest(s.setconfig) c where c like 'default_transaction_read_only=%'))""";
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }
}
