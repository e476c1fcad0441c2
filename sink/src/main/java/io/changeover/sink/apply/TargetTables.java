package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import io.changeover.sink.target.Catalog;
import io.changeover.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The target's tables as one session knows them, each read from the catalog when it is first needed. */
final class TargetTables {

    private final Connection target;
    private final Map<TableName, TableStatements> tables = new HashMap<>();

    TargetTables(Connection target) {
        this.target = target;
    }

    /** A table that was read before, without a look. */
    Optional<TargetTable> known(TableName name) {
        return Optional.ofNullable(tables.get(name)).map(TableStatements::table);
    }

    TargetTable table(TableName name) throws SQLException {
        return statements(name).table();
    }

    /** A table's statement; where a column is not known, the table is read again: it may just have been added. */
    <T> T statement(TableName name, Function<TableStatements, T> choice) throws SQLException {
        try {
            return choice.apply(statements(name));
        } catch (UnknownColumnException e) {
            tables.remove(name);
            return choice.apply(statements(name));
        }
    }

    private TableStatements statements(TableName name) throws SQLException {
        TableStatements known = tables.get(name);
        if (known != null) {
            return known;
        }
        TableStatements read = new TableStatements(Catalog.read(target, name));
        tables.put(name, read);
        return read;
    }
}
