package io.changeover.preflight;

import io.changeover.postgres.TableName;
import io.changeover.schema.Scope;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a source database.
 *
 * @param server what both servers are asked
 * @param database what both databases are asked
 * @param tables its user tables
 * @param shadowed the tables in its schema changeover, which is the name of the ledger's
 * @param publications the names of its publications
 * @param extensions the names of its extensions, without plpgsql
 * @param largeObjects its large objects
 * @param forced its tables whose row security is forced on their owner
 * @param selection what leaving tables out means
 * @param content what else it holds
 * @param locks how many locks of tables the server has room for
 * @param marks whether nothing in a schema changeover that is there keeps our role from making its tables
 * @param eventTriggers whether our role may make event triggers
 */
record SourceFacts(
        ServerFacts server,
        DatabaseFacts database,
        List<SourceTable> tables,
        List<String> shadowed,
        List<String> publications,
        List<String> extensions,
        LargeObjectFacts largeObjects,
        List<TableName> forced,
        SelectionFacts selection,
        ContentFacts content,
        long locks,
        boolean marks,
        boolean eventTriggers) {

    SourceFacts {
        tables = List.copyOf(tables);
        shadowed = List.copyOf(shadowed);
        publications = List.copyOf(publications);
        extensions = List.copyOf(extensions);
        forced = List.copyOf(forced);
    }

    /** The tables whose rows are migrated. */
    List<SourceTable> migrated() {
        return tables.stream().filter(SourceTable::isMigrated).toList();
    }

    /** What findings call a table. */
    String object(TableName table) {
        return database.object() + ", table " + table;
    }

    /**
     * Large objects.
     *
     * @param count how many there are
     * @param unreadable how many of them our role may not read
     * @param bytes about how large they are
     */
    record LargeObjectFacts(long count, long unreadable, long bytes) {}

    /** What of a table is migrated. */
    enum Portion {
        WHOLE,
        /** Its definition, without its rows. */
        STRUCTURE,
        /** Its rows, into a table that is on the target. */
        ROWS
    }

    /**
     * What leaving tables out means.
     *
     * @param unmatched patterns that no table has
     * @param foreignKeys those that are not made
     * @param views those that are not made
     * @param torn tables that cannot be made
     */
    record SelectionFacts(
            List<String> unmatched, List<Scope.Key> foreignKeys, List<TableName> views, List<Scope.Needed> torn) {

        SelectionFacts {
            unmatched = List.copyOf(unmatched);
            foreignKeys = List.copyOf(foreignKeys);
            views = List.copyOf(views);
            torn = List.copyOf(torn);
        }
    }

    /** What a relation is, as far as a migration cares. */
    enum Kind {
        PLAIN,
        PARTITIONED,
        FOREIGN
    }

    /**
     * A table of the source.
     *
     * @param name its name
     * @param kind a partition is PLAIN
     * @param unlogged whether its rows are in no WAL
     * @param owner the role that owns it
     * @param owned whether our role has the rights of the owner
     * @param readable whether our role may select from it
     * @param rowSecurity whether row security hides rows from our role
     * @param oids whether its rows have OIDs
     * @param unidentified why its UPDATE and DELETE cannot be published; empty if they can
     * @param portion what of it is migrated
     * @param columns the names of its columns
     */
    record SourceTable(
            TableName name,
            Kind kind,
            boolean unlogged,
            String owner,
            boolean owned,
            boolean readable,
            boolean rowSecurity,
            boolean oids,
            Optional<String> unidentified,
            Portion portion,
            List<String> columns) {

        SourceTable {
            columns = List.copyOf(columns);
        }

        boolean isMigrated() {
            return kind != Kind.FOREIGN && !unlogged && portion != Portion.STRUCTURE;
        }
    }
}
