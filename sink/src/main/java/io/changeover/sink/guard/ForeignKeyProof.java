package io.changeover.sink.guard;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import io.changeover.sink.guard.ForeignKeyFacts.Column;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The query that counts the rows which violate a foreign key, by the key's own equality. MATCH SIMPLE lets a row pass
 * that has a NULL in one of the columns, MATCH FULL only if all are NULL. Where the last column is a period, it has to
 * lie within those of the rows with the same other columns, taken together.
 */
final class ForeignKeyProof {

    private ForeignKeyProof() {}

    static String sql(ForeignKeyFacts key) {
        return "select pg_catalog.count(*) from " + from(key.table(), key.isPartitioned()) + " fk where "
                + (key.match().equals("f") ? full(key) : simple(key));
    }

    private static String simple(ForeignKeyFacts key) {
        return all(key.columns(), column -> referring(column) + " is not null") + " and " + unmatched(key);
    }

    private static String full(ForeignKeyFacts key) {
        return "not (" + all(key.columns(), column -> referring(column) + " is null") + ") and (not ("
                + all(key.columns(), column -> referring(column) + " is not null") + ") or " + unmatched(key) + ")";
    }

    private static String unmatched(ForeignKeyFacts key) {
        String referenced = from(key.references(), key.toPartitioned()) + " pk where ";
        if (!key.isPeriod()) {
            return "not exists (select from " + referenced + all(key.columns(), ForeignKeyProof::equal) + ")";
        }
        Column period = key.columns().get(key.columns().size() - 1);
        return "not coalesce((select pg_catalog.range_agg(pk." + Identifier.quote(period.referenced()) + ") from "
                + referenced
                + all(key.columns().subList(0, key.columns().size() - 1), ForeignKeyProof::equal)
                + ") operator(pg_catalog.@>) " + referring(period) + ", false)";
    }

    private static String equal(Column column) {
        return "pk." + Identifier.quote(column.referenced()) + " " + column.operator() + " " + referring(column)
                + (column.collation().isEmpty() ? "" : " collate " + column.collation());
    }

    private static String referring(Column column) {
        return "fk." + Identifier.quote(column.name());
    }

    private static String all(List<Column> columns, Function<Column, String> condition) {
        return columns.stream().map(condition).collect(Collectors.joining(" and "));
    }

    private static String from(TableName table, boolean partitioned) {
        return (partitioned ? "" : "only ") + table.quoted();
    }
}
