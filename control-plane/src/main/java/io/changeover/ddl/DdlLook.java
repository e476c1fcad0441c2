package io.changeover.ddl;

import io.changeover.definition.AcceptedDefinition;
import io.changeover.definition.CatalogDefinitions;
import io.changeover.ledger.DefinitionLedger;
import io.changeover.ledger.Ledger;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.schema.Scope;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at how the tables of a pair are defined.
 *
 * @param publication whose tables are migrated
 * @param selection of the migration file
 * @param copies whether definitions are copied from the source
 */
public record DdlLook(String publication, TableSelection selection, boolean copies) {

    /** A number for each table, another one when columns of it are. */
    private static final String FINGERPRINTS = """
            select n.nspname, c.relname, c.oid::bigint, hashtext(coalesce(string_agg(concat_ws(' ', a.attnum, a.attname,
                   a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef), ',' order by a.attnum), ''))
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relkind in ('r', 'p') and c.relpersistence <> 't'
               and n.nspname not in ('information_schema', 'changeover') and n.nspname !~ '^pg_'
             group by n.nspname, c.relname, c.oid""";

    private static final String PARENTS = """
            with recursive above as (
                select c.oid, i.inhparent as parent from pg_class c join pg_inherits i on i.inhrelid = c.oid
                 where coalesce(to_jsonb(c) ->> 'relispartition', 'false') = 'true'
                union all
                select above.oid, i.inhparent from above join pg_class p on p.oid = above.parent
                       and coalesce(to_jsonb(p) ->> 'relispartition', 'false') = 'true'
                  join pg_inherits i on i.inhrelid = p.oid
            )
            select n.nspname, c.relname, m.nspname, r.relname
              from above join pg_class c on c.oid = above.oid join pg_namespace n on n.oid = c.relnamespace
              join pg_class r on r.oid = above.parent and coalesce(to_jsonb(r) ->> 'relispartition', 'false') = 'false'
              join pg_namespace m on m.oid = r.relnamespace""";

    /**
     * Something that is equal as long as nothing was altered; one statement on each side.
     *
     * @return empty if the target has no ledger yet
     */
    Map<String, Map<TableName, Long>> fingerprint(Connection source, Connection target) throws SQLException {
        if (!Ledger.exists(target)) {
            return Map.of();
        }
        Map<TableName, Long> published = new HashMap<>();
        PublishedTables.read(source, publication).forEach(table -> published.put(table, 0L));
        return Map.of(
                "source", fingerprints(source),
                "target", fingerprints(target),
                "published", published,
                "recorded", Map.of(new TableName("changeover", "ddl"), DdlStatements.last(source)),
                "accepted", Map.of(new TableName("changeover", "definitions"), DefinitionLedger.version(target)));
    }

    private static Map<TableName, Long> fingerprints(Connection connection) throws SQLException {
        Map<TableName, Long> fingerprints = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(FINGERPRINTS);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                fingerprints.put(
                        new TableName(rows.getString(1), rows.getString(2)),
                        rows.getLong(3) << Integer.SIZE ^ Integer.toUnsignedLong(rows.getInt(4)));
            }
        }
        return fingerprints;
    }

    /**
     * What is different.
     *
     * @param settled what was recorded on the source, and nothing is different for it any more
     */
    record Found(List<DdlChange> changes, Set<Long> settled) {
        Found {
            changes = List.copyOf(changes);
            settled = Set.copyOf(settled);
        }
    }

    /** What is different now; nothing before there is a publication and a ledger. */
    public List<DdlChange> changes(Connection source, Connection target) throws SQLException {
        return look(source, target).changes();
    }

    Found look(Connection source, Connection target) throws SQLException {
        DdlStatements statements = DdlStatements.read(source); // before the definitions
        List<TableName> published = PublishedTables.read(source, publication);
        if (published.isEmpty() || !Ledger.exists(target)) {
            return new Found(List.of(), Set.of());
        }
        Scope scope = Scope.read(source, selection);
        Set<TableName> candidates = new HashSet<>(
                UserTables.logged(source).stream().filter(scope::hasRows).toList());
        Map<TableName, AcceptedDefinition> accepted = DefinitionLedger.read(target);
        Set<TableName> all = new HashSet<>(published);
        all.addAll(candidates);
        all.addAll(accepted.keySet());
        List<DdlChange> changes = DdlRules.changes(new DdlFacts(
                new HashSet<>(published),
                candidates,
                parents(source),
                CatalogDefinitions.ofSource(source, published),
                CatalogDefinitions.ofTarget(target, new ArrayList<>(all)),
                accepted,
                statements.byTable(),
                copies));
        // until everything is loaded, what is different cannot be told
        return new Found(changes, accepted.keySet().containsAll(published) ? statements.settledBy(changes) : Set.of());
    }

    private static Map<TableName, TableName> parents(Connection source) throws SQLException {
        Map<TableName, TableName> parents = new HashMap<>();
        try (PreparedStatement select = source.prepareStatement(PARENTS);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                parents.put(
                        new TableName(rows.getString(1), rows.getString(2)),
                        new TableName(rows.getString(3), rows.getString(4)));
            }
        }
        return parents;
    }
}
