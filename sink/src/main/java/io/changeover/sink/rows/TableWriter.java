package io.changeover.sink.rows;

import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.rows.RowSettings.InsertMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the changes of a table in the middle of a target transaction: many at once, new rows by COPY; if the target
 * does not take that, because a row is there already, without COPY; and if it does not take that either, one by one. A
 * table whose new rows were there already, as when a snapshot is sent again, is spared COPY for a while.
 */
final class TableWriter {

    private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

    /** Fewer changes are no slower one by one. */
    private static final int WORTHWHILE = 5;

    /** In writes of a table. */
    private static final int REST = 20;

    private final Connection target;
    private final RowSettings settings;
    private final SetCounts counts;
    private final SetsOfRows sets;
    private final RowsInOrder inOrder;
    private final Map<TableName, Integer> rests = new HashMap<>();

    TableWriter(Connection target, RowSettings settings, SetCounts counts) {
        this.target = target;
        this.settings = settings;
        this.counts = counts;
        this.sets = new SetsOfRows(target);
        this.inOrder = new RowsInOrder(target, settings.write(), settings.skipsMissingRows());
    }

    /** Writes them; all are of this table, none is a truncate. */
    void write(RowTable table, List<RowChange> changes)
            throws SQLException, FailedChangeException, RowRefusedException {
        if (changes.size() >= WORTHWHILE && writeSets(table, changes)) {
            return;
        }
        for (RowChange change : changes) {
            inOrder.write(table, change);
        }
    }

    private boolean writeSets(RowTable table, List<RowChange> changes) throws SQLException, FailedChangeException {
        List<String> key = changes.get(0).key().names();
        Optional<NetRows> net = plan(changes, key);
        if (net.isEmpty()) {
            return false;
        }
        Optional<RowSql> statements = table.ifUnique(key);
        if (statements.isEmpty()) {
            return false;
        }
        RowSql sql = statements.get();
        if (sql.mustReplace() && !net.get().replaced().isEmpty()) {
            return false;
        }
        boolean byCopy = !net.get().fresh().isEmpty() && (settings.write() == InsertMode.INSERT || mayCopy(table));
        if (byCopy && attempt(table, sql, net.get(), true)) {
            return true;
        }
        if (byCopy) {
            rests.put(table.table().name(), REST);
        }
        return settings.write() != InsertMode.INSERT && !sql.mustReplace() && attempt(table, sql, net.get(), false);
    }

    private Optional<NetRows> plan(List<RowChange> changes, List<String> key) {
        boolean sameKey = changes.stream().allMatch(each -> each.key().names().equals(key));
        if (!sameKey) {
            return Optional.empty();
        }
        return switch (settings.write()) {
            case INSERT -> NetRows.added(changes);
            case UPSERT -> NetRows.of(changes);
            case UPDATE -> NetRows.updatesOnly(changes);
        };
    }

    private boolean mayCopy(RowTable table) {
        int left = rests.merge(table.table().name(), -1, (rest, one) -> Math.max(0, rest + one));
        return left <= 0;
    }

    private boolean attempt(RowTable table, RowSql sql, NetRows net, boolean byCopy)
            throws SQLException, FailedChangeException {
        Savepoint before = target.setSavepoint();
        boolean requireRows = settings.write() == InsertMode.UPSERT && !settings.skipsMissingRows();
        try {
            sets.write(table, sql, net, requireRows, byCopy);
            target.releaseSavepoint(before);
            counts.taken();
            return true;
        } catch (SetRefusedException e) {
            counts.refused();
            LOG.debug("Written otherwise: {}", e.getMessage());
            target.rollback(before);
            target.releaseSavepoint(before);
            return false;
        }
    }
}
