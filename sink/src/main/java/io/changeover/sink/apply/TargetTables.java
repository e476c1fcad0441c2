package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import io.changeover.sink.target.Catalog;
import io.changeover.sink.target.Definitions;
import io.changeover.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The target's tables as one session knows them. Each is read from the catalog when it is first needed, and again when
 * it is not as it was: that is asked once in each transaction, with locks that keep it so until the end. Not
 * thread-safe, but for {@link #lastKnown}.
 */
final class TargetTables {

    private record Known(long definition, TableStatements statements) {}

    private final Connection target;
    private final Map<TableName, Known> tables = new ConcurrentHashMap<>();
    private final Set<TableName> held = new HashSet<>();
    private final SourceDefinitions sources = new SourceDefinitions();

    TargetTables(Connection target) {
        this.target = target;
    }

    /** Of which definitions of the source their rows are. */
    SourceDefinitions sources() {
        return sources;
    }

    /** The statements of a table as it was last read; while it is not held, it may have become another one. */
    Optional<TableStatements> lastKnown(TableName name) {
        return Optional.ofNullable(tables.get(name)).map(Known::statements);
    }

    /** A transaction begins: what was held may have changed since. */
    void begin() {
        held.clear();
    }

    /**
     * Makes tables known, and keeps them as they are until the transaction ends. What is to be written must be held.
     */
    void hold(Collection<TableName> names) throws SQLException {
        List<TableName> wanted =
                names.stream().filter(name -> !held.contains(name)).toList();
        if (wanted.isEmpty()) {
            return;
        }
        Map<TableName, Long> definitions = Definitions.hold(target, wanted);
        List<TableName> changed = wanted.stream()
                .filter(name -> !isKnown(name, Objects.requireNonNull(definitions.get(name))))
                .toList();
        if (!changed.isEmpty()) {
            read(changed, definitions);
        }
        held.addAll(wanted);
    }

    private boolean isKnown(TableName name, long definition) {
        Known known = tables.get(name);
        return known != null && known.definition() == definition;
    }

    private void read(List<TableName> names, Map<TableName, Long> definitions) throws SQLException {
        if (names.stream().anyMatch(tables::containsKey)) {
            forgetStatements();
        }
        Map<TableName, TargetTable> read = Catalog.read(target, names);
        read.forEach((name, table) ->
                tables.put(name, new Known(Objects.requireNonNull(definitions.get(name)), new TableStatements(table))));
    }

    /** The server keeps the types of a statement's parameters; the driver notices that the statements are gone. */
    private void forgetStatements() throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("deallocate all");
        }
    }

    TargetTable table(TableName name) {
        return statements(name).table();
    }

    TableStatements statements(TableName name) {
        Known known = tables.get(name);
        if (known == null || !held.contains(name)) {
            throw new IllegalStateException("Table " + name + " is not held");
        }
        return known.statements();
    }
}
