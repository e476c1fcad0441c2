package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChange;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.group.Origin;
import io.changeover.sink.target.KeyHash;
import io.changeover.sink.target.MissingTableException;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes changes one by one in the order of the source, after they could not be written faster: so it is known which
 * one cannot be applied. Serves one target transaction.
 */
final class OneByOne {

    private final Connection target;
    private final TargetTables tables;
    private final ChangeWriter writer;

    OneByOne(Connection target, TargetTables tables, ChangeWriter writer) {
        this.target = target;
        this.tables = tables;
        this.writer = writer;
    }

    /**
     * Writes a change.
     *
     * @throws FailedChangeException if it cannot be applied; says exactly which it is
     */
    void write(ChangeEvent change, Origin origin) throws SQLException, FailedChangeException {
        try {
            writer.write(change, origin);
            writer.endTransaction(origin);
            writer.flush();
        } catch (FailedChangeException e) {
            throw e.policy() == FailurePolicy.REFUSED ? e.of(named(change, e.sqlState(), e.reason())) : e;
        } catch (SQLException e) {
            FailedChangeException failed = new FailedChangeException("A change " + origin.description(), e);
            throw failed.policy() == FailurePolicy.REFUSED
                    ? failed.of(named(change, failed.sqlState(), failed.reason()))
                    : failed;
        } catch (RefusedException e) {
            throw FailedChangeException.of(named(change, e.sqlState(), String.valueOf(e.getMessage())), e);
        } catch (SetRefusedException e) {
            throw new IllegalStateException("One change is no set", e);
        }
    }

    /**
     * Checks what is checked at the commit, as it is on the source.
     *
     * @throws FailedChangeException if a constraint is violated; says of which table, if the server does
     */
    void endTransaction(Origin origin) throws FailedChangeException {
        try (Statement statement = target.createStatement()) {
            statement.execute("set constraints all immediate");
            statement.execute("set constraints all deferred");
        } catch (SQLException e) {
            FailedChangeException failed = new FailedChangeException("Commit " + origin.description(), e);
            Optional<FailedChange> exactly = ServerError.table(e)
                    .map(table -> new FailedChange(table, "commit", "", failed.sqlState(), failed.reason()));
            throw exactly.isPresent() ? failed.of(exactly.get()) : failed;
        }
    }

    /** Which change of several cannot be applied because its table is missing: its first one. */
    static FailedChangeException missing(List<ChangeEvent> changes, MissingTableException error) {
        ChangeEvent first = changes.stream()
                .filter(change -> LoadedTables.tableOf(change)
                        .filter(error.table()::equals)
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> error);
        return FailedChangeException.of(
                new FailedChange(
                        error.table(),
                        operation(first),
                        KeyHash.of(Optional.empty(), first),
                        error.sqlState(),
                        String.valueOf(error.getMessage())),
                error);
    }

    private FailedChange named(ChangeEvent change, String sqlState, String reason) {
        TableName table = LoadedTables.tableOf(change)
                .orElseThrow(() -> new IllegalStateException("Only changes of tables are refused"));
        Optional<TargetTable> known = tables.lastKnown(table).map(TableStatements::table);
        return new FailedChange(table, operation(change), KeyHash.of(known, change), sqlState, reason);
    }

    private static String operation(ChangeEvent change) {
        return change.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
