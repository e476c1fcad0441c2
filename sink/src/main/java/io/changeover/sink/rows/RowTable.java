package io.changeover.sink.rows;

import io.changeover.sink.decode.debezium.RowDecoder;
import io.changeover.sink.decode.debezium.SourceSettings;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.TypedTable;
import io.changeover.sink.target.UniqueKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A table of the target with what reads its rows and what writes them. Not thread-safe. */
final class RowTable {

    private static final UniqueKey NO_KEY = new UniqueKey(List.of(), true);

    private final TargetTable table;
    private final RowDecoder decoder;
    private final Map<List<String>, RowSql> statements = new HashMap<>();

    RowTable(TypedTable table, SourceSettings source) {
        this.table = table.table();
        this.decoder = new RowDecoder(table, source);
    }

    TargetTable table() {
        return table;
    }

    RowDecoder decoder() {
        return decoder;
    }

    /**
     * Statements by a key.
     *
     * @param key its columns; none for rows that are only added
     * @throws RefusedException if these columns do not name one row
     */
    RowSql by(List<String> key) {
        return ifUnique(key).orElseThrow(() -> notUnique(key));
    }

    /** The same; empty if these columns do not name one row. */
    Optional<RowSql> ifUnique(List<String> key) {
        RowSql known = statements.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<RowSql> made = unique(key).map(unique -> new RowSql(table, unique));
        made.ifPresent(sql -> statements.put(key, sql));
        return made;
    }

    private Optional<UniqueKey> unique(List<String> columns) {
        if (columns.isEmpty()) {
            return Optional.of(NO_KEY);
        }
        Set<String> wanted = new HashSet<>(columns);
        return table.keys().stream()
                .filter(UniqueKey::isImmediate)
                .filter(each -> wanted.equals(new HashSet<>(each.columns())))
                .findFirst();
    }

    private RefusedException notUnique(List<String> columns) {
        return new RefusedException(
                "42P10",
                "CO-2043: Table " + table.name() + " has no primary key and no unique index over exactly " + columns
                        + ", none of them null and not deferrable, which name the rows of the topic: make one on the"
                        + " target, or set pk.fields");
    }
}
