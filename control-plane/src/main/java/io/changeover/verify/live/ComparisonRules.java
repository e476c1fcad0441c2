package io.changeover.verify.live;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import io.changeover.verify.FloatText;
import io.changeover.verify.live.TableSide.Column;
import io.changeover.verify.live.TableSql.KeyColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Decides how a table is compared from what both catalogs say. */
final class ComparisonRules {

    /** Their order is the same on every server and in every locale, and a range of it is served by a B-tree. */
    private static final Set<String> ORDERED =
            Set.of("int2", "int4", "int8", "oid", "numeric", "uuid", "date", "timestamp", "timestamptz", "bytea");

    private static final Set<String> TEXTS = Set.of("text", "varchar");

    /** Longer values are summed up by themselves: a row's text has to fit into the gigabyte that a value may have. */
    private static final int LONG_BYTES = 1_000_000;

    private ComparisonRules() {}

    static ComparedTable decide(TableName table, TableSide source, TableSide target) {
        Hashing hashing = Hashing.of(
                Math.min(source.major(), target.major()), source.encoding().equals(target.encoding()));
        Set<String> shared = new TreeSet<>(source.columns().keySet());
        shared.retainAll(target.columns().keySet());
        boolean named = !source.key().isEmpty() && shared.containsAll(source.key());
        List<String> key = named ? source.key() : List.of();
        boolean ordered = named
                && source.hasIndex(key)
                && target.hasIndex(key)
                && key.stream().allMatch(name -> ordered(name, source, target));
        int oldest = Math.min(source.major(), target.major());
        return new ComparedTable(
                table,
                sql(table, source, shared, key, ordered, hashing, oldest),
                sql(table, target, shared, key, ordered, hashing, oldest),
                source.columns().keySet(),
                source.rows(),
                source.bytes(),
                Sum.of(source.shape() + "|" + target.shape()),
                disagreement(source, target));
    }

    private static boolean ordered(String name, TableSide source, TableSide target) {
        Column one = column(source, name);
        Column other = column(target, name);
        boolean sameText = TEXTS.contains(one.name())
                && TEXTS.contains(other.name())
                && one.bytewise()
                && other.bytewise()
                && source.encoding().equals(target.encoding());
        return one.builtIn()
                && other.builtIn()
                && (sameText || (ORDERED.contains(one.name()) && one.name().equals(other.name())));
    }

    private static Column column(TableSide side, String name) {
        return Optional.ofNullable(side.columns().get(name)).orElseThrow();
    }

    private static TableSql sql(
            TableName table,
            TableSide side,
            Set<String> names,
            List<String> key,
            boolean ordered,
            Hashing hashing,
            int oldest) {
        List<String> values = names.stream()
                .map(name -> value(name, column(side, name), hashing, oldest))
                .toList();
        List<KeyColumn> columns = key.stream()
                .map(name -> new KeyColumn(name, column(side, name).type()))
                .toList();
        return new TableSql(table, values, columns, ordered, hashing);
    }

    private static String value(String name, Column column, Hashing hashing, int oldest) {
        String quoted = Identifier.quote(name);
        String value = column.builtIn() && FloatText.differs(column.name(), oldest)
                ? FloatText.binary(quoted, column.name(), column.send())
                : quoted;
        if (hashing == Hashing.HERE || !column.builtIn() || column.limited()) {
            return value;
        }
        String longValue = "case when octet_length(" + quoted + ") > " + LONG_BYTES + " then ";
        if (TEXTS.contains(column.name())) {
            return longValue + "hashtextextended(" + quoted + " collate \"C\", 3)::text || ':' || hashtextextended("
                    + quoted + " collate \"C\", 4)::text else " + quoted + " end";
        }
        return column.name().equals("bytea")
                ? longValue + "encode(sha256(" + quoted + "), 'hex') else " + quoted + "::text end"
                : value;
    }

    /** Says which columns only one side has. */
    private static Optional<String> disagreement(TableSide source, TableSide target) {
        List<String> sentences = new ArrayList<>();
        missing(source, target).ifPresent(names -> sentences.add("missing on the target: column " + names));
        missing(target, source).ifPresent(names -> sentences.add("missing on the source: column " + names));
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", sentences));
    }

    private static Optional<String> missing(TableSide from, TableSide in) {
        Map<String, Column> there = in.columns();
        List<String> names = from.columns().keySet().stream()
                .filter(Predicate.not(there::containsKey))
                .toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }
}
