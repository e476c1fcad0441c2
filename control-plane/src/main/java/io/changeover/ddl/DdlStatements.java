package io.changeover.ddl;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the event triggers of the source have recorded and nobody has dealt with yet. */
final class DdlStatements {

    /** What is settled is kept for people for a while. */
    private static final int KEPT = 1000;

    /** By the table as it is called now; one that was dropped by its last name. */
    private static final String SELECT = """
            with touched as (
                select d.*, c.oid as table_oid from changeover.ddl d join pg_class c on c.oid = d.relation
                 where d.object_type in ('table', 'table column')
                union all
                select d.*, a.attrelid from changeover.ddl d join pg_type t on t.oid = d.relation
                  join pg_attribute a on a.atttypid in (t.oid, nullif(t.typarray, 0)) and a.attnum > 0
                 where d.object_type in ('type', 'domain')
                union all
                select d.*, c.oid from changeover.ddl d join pg_class c on c.relnamespace = d.relation
                 where d.object_type = 'schema' and d.tag = 'ALTER SCHEMA'
            )
            select n.nspname, c.relname, min(t.id), t.transaction, min(t.at), t.role, t.application, min(t.tag),
                   t.statement
              from touched t join pg_class c on c.oid = t.table_oid and c.relkind in ('r', 'p')
              join pg_namespace n on n.oid = c.relnamespace
             where not t.settled group by n.nspname, c.relname, t.transaction, t.role, t.application, t.statement
            union all
            select (parse_ident(d.object))[1], (parse_ident(d.object))[2], d.id, d.transaction, d.at, d.role,
                   d.application, d.tag, d.statement
              from changeover.ddl d where d.event = 'sql_drop' and d.object_type = 'table' and not d.settled
             order by 3""";

    private final Map<TableName, List<DdlStatement>> byTable;

    /** Transactions by the numbers of what they did. */
    private final Map<Long, Long> open;

    private DdlStatements(Map<TableName, List<DdlStatement>> byTable, Map<Long, Long> open) {
        this.byTable = byTable;
        this.open = open;
    }

    /** None. */
    static DdlStatements none() {
        return new DdlStatements(Map.of(), Map.of());
    }

    /** Of each table the statements in order; none if nothing is recorded. */
    static DdlStatements read(Connection source) throws SQLException {
        if (!DdlRecorder.exists(source)) {
            return none();
        }
        Map<TableName, List<DdlStatement>> byTable = new HashMap<>();
        Map<Long, Long> open = new HashMap<>();
        try (Statement statement = source.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("select id, transaction from changeover.ddl where not settled")) {
                while (rows.next()) {
                    open.put(rows.getLong(1), rows.getLong(2));
                }
            }
            try (ResultSet rows = statement.executeQuery(SELECT)) {
                while (rows.next()) {
                    byTable.computeIfAbsent(
                                    new TableName(rows.getString(1), rows.getString(2)), name -> new ArrayList<>())
                            .add(new DdlStatement(
                                    rows.getLong(3),
                                    rows.getLong(4),
                                    rows.getObject(5, OffsetDateTime.class).toInstant(),
                                    rows.getString(6),
                                    rows.getString(7),
                                    rows.getString(8),
                                    rows.getString(9)));
                }
            }
        }
        return new DdlStatements(byTable, open);
    }

    /** Something that is another one when there is a new statement. */
    static long last(Connection source) throws SQLException {
        if (!DdlRecorder.exists(source)) {
            return 0;
        }
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery("select coalesce(max(id), 0) from changeover.ddl")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    Map<TableName, List<DdlStatement>> byTable() {
        return byTable;
    }

    /** All of transactions that none of these changes is about. Definitions have to be read after the statements. */
    Set<Long> settledBy(Collection<DdlChange> changes) {
        Set<Long> kept = new HashSet<>();
        changes.forEach(change -> change.recorded().forEach(each -> kept.add(each.transaction())));
        Set<Long> settled = new HashSet<>();
        open.forEach((id, transaction) -> {
            if (!kept.contains(transaction)) {
                settled.add(id);
            }
        });
        return settled;
    }

    /** They are not shown any more; the oldest ones go. */
    static void settle(Connection source, Set<Long> ids) throws SQLException {
        try (PreparedStatement update =
                        source.prepareStatement("update changeover.ddl set settled = true where id = any(?)");
                PreparedStatement delete = source.prepareStatement("delete from changeover.ddl where settled"
                        + " and id < (select max(id) from changeover.ddl) - " + KEPT)) {
            update.setArray(1, source.createArrayOf("bigint", ids.toArray()));
            update.executeUpdate();
            delete.executeUpdate();
        }
    }
}
