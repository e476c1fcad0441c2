package io.changeover.schema;

import io.changeover.postgres.TableName;
import io.changeover.spec.TablePattern;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What of a source database belongs to a migration, as the catalog is now: a {@link TableSelection} with every
 * partition under the table that it is a part of, and with what cannot be without the tables that are left out.
 */
public final class Scope {

    private static final String USERS =
            "%1$s.nspname !~ '^pg_' and %1$s.nspname not in ('information_schema', 'changeover')";

    /** Tables, partitions with their roots. Before 10 there are none. */
    private static final String TABLES = """
            with recursive part as (
                select c.oid, c.oid as root from pg_class c
                 where c.relkind in ('r', 'p', 'f') and coalesce(to_jsonb(c) ->> 'relispartition', 'false') = 'false'
                union all
                select c.oid, part.root from part join pg_inherits i on i.inhparent = part.oid
                  join pg_class c on c.oid = i.inhrelid and coalesce(to_jsonb(c) ->> 'relispartition', 'false') = 'true'
            )
            select n.nspname, c.relname, m.nspname, r.relname
              from part join pg_class c on c.oid = part.oid join pg_namespace n on n.oid = c.relnamespace
              join pg_class r on r.oid = part.root join pg_namespace m on m.oid = r.relnamespace
             where c.relpersistence <> 't' and""" + " " + USERS.formatted("n") + """
             and not exists (select from pg_depend d
                              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')""";

    /** Tables, their indexes and sequences, and views that read them; with the names that the comparison gives. */
    private static final String PARTS = """
            with recursive gone as (
                select to_regclass(name)::oid as oid from unnest(?::text[]) as u(name)
                union
                select w.ev_class from gone
                  join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = gone.oid
                   and d.classid = 'pg_rewrite'::regclass
                  join pg_rewrite w on w.oid = d.objid
                  join pg_class c on c.oid = w.ev_class and c.relkind in ('v', 'm') and ?
            ), part as (
                select oid from gone
                union select x.indexrelid from gone join pg_index x on x.indrelid = gone.oid
                union select d.objid from gone join pg_depend d on d.refclassid = 'pg_class'::regclass
                        and d.refobjid = gone.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
            )
            select n.nspname, c.relname, c.relkind::text, format('%I.%I', n.nspname, c.relname)
              from part join pg_class c on c.oid = part.oid join pg_namespace n on n.oid = c.relnamespace
             order by 1, 2""";

    private static final String FOREIGN_KEYS = """
            select n.nspname, c.relname, m.nspname, r.relname, k.conname,
                   format('%I.%I.%I', n.nspname, c.relname, k.conname)
              from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
              join pg_class r on r.oid = k.confrelid join pg_namespace m on m.oid = r.relnamespace
             where k.contype = 'f' and coalesce(to_jsonb(k) ->> 'conparentid', '0') = '0'
             order by 1, 2, 5""";

    /** Tables that cannot be made without another one: they inherit from it, or have a column of its row type. */
    private static final String NEEDS = """
            select n.nspname, c.relname, m.nspname, r.relname
              from (select inhrelid as table, inhparent as needs from pg_inherits
                    union select a.attrelid, t.typrelid from pg_attribute a join pg_type e on e.oid = a.atttypid
                          join pg_type t on t.oid in (e.oid, e.typelem) and t.typrelid <> 0
                           where a.attnum > 0 and not a.attisdropped) as u
              join pg_class c on c.oid = u.table and c.relkind in ('r', 'p', 'f')
              join pg_namespace n on n.oid = c.relnamespace
              join pg_class r on r.oid = u.needs and r.relkind in ('r', 'p', 'f')
              join pg_namespace m on m.oid = r.relnamespace
             order by 1, 2, 3, 4""";

    private static final Set<String> VIEWS = Set.of("v", "m");
    private static final String SEQUENCE = "S";

    private final boolean isAll;
    private final Map<TableName, TableName> roots;
    private final Set<TableName> withRows;
    private final Set<TableName> withStructure;

    /** Relations that are not on the target: tables, what belongs to them, and views that read them. */
    private final Set<TableName> without = new HashSet<>();

    /** The same, and foreign keys, as the comparison of catalogs writes their names. */
    private final Set<String> objectsWithout = new HashSet<>();

    private final Set<String> objectsOfTarget = new HashSet<>();
    private final List<TableName> views = new ArrayList<>();

    /** Those that tables own which are not copied; pg_dump would make them alone. */
    private final List<TableName> sequences = new ArrayList<>();

    private final List<Key> foreignKeys = new ArrayList<>();
    private final List<Needed> needed = new ArrayList<>();

    /**
     * A foreign key that is not made.
     *
     * @param table the table that refers
     * @param name the constraint
     * @param references the table that it refers to
     */
    public record Key(TableName table, String name, TableName references) {}

    /**
     * A table that cannot be made.
     *
     * @param table the one
     * @param needs the one that it needs, which is left out
     */
    public record Needed(TableName table, TableName needs) {}

    private Scope(
            boolean isAll, Map<TableName, TableName> roots, Set<TableName> withRows, Set<TableName> withStructure) {
        this.isAll = isAll;
        this.roots = roots;
        this.withRows = withRows;
        this.withStructure = withStructure;
    }

    /**
     * Reads what a selection means.
     *
     * @param source of any version from 9.6 on
     */
    public static Scope read(Connection source, TableSelection selection) throws SQLException {
        if (selection.isAll()) {
            return new Scope(true, Map.of(), Set.of(), Set.of());
        }
        Map<TableName, TableName> roots = roots(source);
        Predicate<TableName> selected =
                included(selection).and(any(selection.exclude()).negate());
        Set<TableName> withRows =
                matching(roots, selected.and(any(selection.structureOnly()).negate()));
        Set<TableName> withStructure =
                matching(roots, selected.and(any(selection.rowsOnly()).negate()));
        Scope scope = new Scope(false, roots, withRows, withStructure);
        scope.readDependents(source);
        scope.readForeignKeys(source);
        scope.readNeeds(source);
        return scope;
    }

    private static Predicate<TableName> included(TableSelection selection) {
        return selection.include().isEmpty() ? name -> true : any(selection.include());
    }

    private static Predicate<TableName> any(Collection<String> patterns) {
        List<TablePattern> compiled = patterns.stream().map(TablePattern::of).toList();
        return name -> compiled.stream().anyMatch(pattern -> pattern.matches(name));
    }

    private static Set<TableName> matching(Map<TableName, TableName> roots, Predicate<TableName> wanted) {
        Set<TableName> matching = new HashSet<>();
        roots.forEach((table, root) -> {
            if (wanted.test(root)) {
                matching.add(table);
            }
        });
        return matching;
    }

    private static Map<TableName, TableName> roots(Connection source) throws SQLException {
        Map<TableName, TableName> roots = new TreeMap<>();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                roots.put(
                        new TableName(rows.getString(1), rows.getString(2)),
                        new TableName(rows.getString(3), rows.getString(4)));
            }
        }
        return roots;
    }

    private void readDependents(Connection source) throws SQLException {
        List<TableName> gone =
                roots.keySet().stream().filter(table -> !isThere(table)).toList();
        for (Relation each : withParts(source, gone, true)) {
            without.add(each.name());
            objectsWithout.add(each.object());
            if (VIEWS.contains(each.kind())) {
                views.add(each.name());
            } else if (SEQUENCE.equals(each.kind())) {
                sequences.add(each.name());
            }
        }
        for (Relation each : withParts(source, rowsOnly(), false)) {
            objectsOfTarget.add(each.object());
            if (SEQUENCE.equals(each.kind())) {
                sequences.add(each.name());
            }
        }
    }

    private record Relation(TableName name, String kind, String object) {}

    private static List<Relation> withParts(Connection source, Collection<TableName> tables, boolean withViews)
            throws SQLException {
        List<Relation> relations = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(PARTS)) {
            Object[] names = tables.stream().map(TableName::quoted).toArray();
            select.setArray(1, source.createArrayOf("text", names));
            select.setBoolean(2, withViews);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    TableName name = new TableName(rows.getString(1), rows.getString(2));
                    relations.add(new Relation(name, rows.getString(3), rows.getString(4)));
                }
            }
        }
        return relations;
    }

    private void readForeignKeys(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(FOREIGN_KEYS)) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(1), rows.getString(2));
                TableName references = new TableName(rows.getString(3), rows.getString(4));
                boolean holds = hasRows(references) || !hasRows(table);
                if (withStructure.contains(table) && !(isThere(references) && holds)) {
                    foreignKeys.add(new Key(table, rows.getString(5), references));
                    objectsWithout.add(rows.getString(6));
                }
            }
        }
    }

    private void readNeeds(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(NEEDS)) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(1), rows.getString(2));
                TableName needs = new TableName(rows.getString(3), rows.getString(4));
                if (withStructure.contains(table) && roots.containsKey(needs) && !isThere(needs)) {
                    needed.add(new Needed(table, needs));
                }
            }
        }
    }

    /** Whether the target has the table when the migration is done. */
    public boolean isThere(TableName table) {
        return isAll || withRows.contains(table) || withStructure.contains(table);
    }

    /** Whether the rows of a table are migrated, if it has any. */
    public boolean hasRows(TableName table) {
        return isAll || withRows.contains(table);
    }

    /** Whether the definition of a table, or of another relation, is copied. */
    public boolean hasStructure(TableName relation) {
        return isAll
                || withStructure.contains(relation)
                || !(roots.containsKey(relation) || without.contains(relation));
    }

    /** Whether a foreign key of the source is made on the target. */
    public boolean copiesForeignKey(TableName table, String name) {
        return isAll
                || (withStructure.contains(table)
                        && foreignKeys.stream()
                                .noneMatch(key ->
                                        key.table().equals(table) && key.name().equals(name)));
    }

    /** Foreign keys to tables that are left out, or whose rows are. */
    public List<Key> foreignKeysLeftOut() {
        return List.copyOf(foreignKeys);
    }

    /** Tables that cannot be made, because of others that are left out. */
    public List<Needed> torn() {
        return List.copyOf(needed);
    }

    /** Relations that pg_dump is to leave out. */
    List<TableName> notDumped() {
        List<TableName> names = new ArrayList<>(views);
        names.addAll(sequences);
        roots.keySet().stream().filter(table -> !withStructure.contains(table)).forEach(names::add);
        return names;
    }

    /** Tables whose rows go into what is on the target already, partitions among them. */
    public Set<TableName> rowsOnly() {
        Set<TableName> tables = new HashSet<>(withRows);
        tables.removeAll(withStructure);
        return tables;
    }

    /** Views, materialized ones among them, that read a table which is left out. */
    public List<TableName> viewsLeftOut() {
        return List.copyOf(views);
    }

    /** The patterns of a selection that no table has. */
    public List<String> unmatched(TableSelection selection) {
        return Stream.of(selection.include(), selection.exclude(), selection.structureOnly(), selection.rowsOnly())
                .flatMap(List::stream)
                .filter(pattern -> roots.values().stream().noneMatch(TablePattern.of(pattern)::matches))
                .distinct()
                .toList();
    }

    /** Whether a relation is not on the target because a table is left out: the table, or a part or reader of it. */
    public boolean leavesOut(TableName relation) {
        return without.contains(relation);
    }

    /**
     * Whether an object is not on the target, or not ours to make there, because of the selection.
     *
     * @param object {@code schema.relation} or {@code schema.relation.part}, each quoted where SQL needs it
     */
    public boolean leavesOut(String object) {
        return !isAll
                && (objectsWithout.contains(object)
                        || objectsWithout.stream().anyMatch(name -> object.startsWith(name + ".")));
    }

    /** Whether an object belongs to a table whose definition is the target's own matter. */
    public boolean leavesToTarget(String object) {
        return objectsOfTarget.contains(object)
                || objectsOfTarget.stream().anyMatch(name -> object.startsWith(name + "."));
    }

    /** Whether the comparison of definitions may find more on the target than on the source. */
    public boolean isPart() {
        return !isAll;
    }
}
