package io.changeover.sink.rows;

import io.changeover.postgres.TableName;
import io.changeover.sink.decode.debezium.SourceSettings;
import io.changeover.sink.target.ColumnTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The target's tables as one session knows them, each read from the catalog when it is first needed. */
final class RowTables {

    private final Connection target;
    private final SourceSettings source;
    private final Map<TableName, RowTable> known = new HashMap<>();

    RowTables(Connection target, SourceSettings source) {
        this.target = target;
        this.source = source;
    }

    /** Empty if the target has no such table. */
    Optional<RowTable> find(TableName name) throws SQLException {
        RowTable found = known.get(name);
        if (found == null) {
            Optional<RowTable> read = ColumnTypes.read(target, name).map(table -> new RowTable(table, source));
            read.ifPresent(table -> known.put(name, table));
            return read;
        }
        return Optional.of(found);
    }
}
