package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes of source transactions, each with those of its table, and the markers among them. Not thread-safe. */
final class ChangesByTable {

    private final Map<TableName, PendingChanges> tables = new LinkedHashMap<>();
    private final List<Marker> markers = new ArrayList<>();

    /** Adds any change but a truncate, which concerns what came before it. */
    void add(ChangeEvent change, Origin origin) {
        if (change instanceof ChangeEvent.Insert insert) {
            of(insert.table()).add(insert, origin);
        } else if (change instanceof ChangeEvent.Update update) {
            of(update.table()).add(update, origin);
        } else if (change instanceof ChangeEvent.Delete delete) {
            of(delete.table()).add(delete, origin);
        } else if (change instanceof ChangeEvent.Message message) {
            Marker.of(message).ifPresent(markers::add);
        }
    }

    PendingChanges of(TableName table) {
        return tables.computeIfAbsent(table, PendingChanges::new);
    }

    /** In the order in which to write them: tables with inserts alone, which need little planning, go first. */
    List<PendingChanges> waiting() {
        return tables.values().stream()
                .filter(table -> table.size() > 0)
                .sorted(Comparator.comparing(table -> !table.isOfInserts()))
                .toList();
    }

    /** All that was ever added, written or not. */
    List<TableCounts> counts() {
        return tables.values().stream().map(PendingChanges::counts).toList();
    }

    List<Marker> markers() {
        return markers;
    }

    void clear() {
        tables.clear();
        markers.clear();
    }
}
