package io.changeover.verify.live;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What one side is asked about a table. A row is the text of {@code row(…)} of its columns by name, which tells NULL
 * from an empty text; rows add up, so that their order does not count and duplicates do.
 *
 * @param table which
 * @param values how the columns are read, in the order of their names, which is the same on both sides
 * @param key the columns that name a row; empty if nothing does
 * @param isOrdered whether ranges of the key mean the same on both sides and an index serves them
 * @param hashing where
 */
record TableSql(TableName table, List<String> values, List<KeyColumn> key, boolean isOrdered, Hashing hashing) {

    /**
     * A column of the key.
     *
     * @param name its name
     * @param type as the side's server writes it, without a length
     */
    record KeyColumn(String name, String type) {}

    /** {@code offset 0} keeps the text from being made once for each hash. */
    private static final String FROM_ROWS = " from (select %s from only %s%s offset 0) s";

    private static final String MARK = "hashtextextended(r, 0)::text || ':' || hashtextextended(r, 1)::text";

    TableSql {
        values = List.copyOf(values);
        key = List.copyOf(key);
    }

    /** Rows and two sums; bind the slice. */
    String digest(Slice slice) {
        return "select count(*), " + SUMS + from(row(), slice);
    }

    private static final String SUMS =
            "coalesce(sum(hashtextextended(r, 0)), 0)::text," + " coalesce(sum(hashtextextended(r, 1)), 0)::text";

    /** The rows themselves, one column; bind the slice. */
    String rows(Slice slice) {
        return "select " + row() + " from only " + table.quoted() + where(slice);
    }

    /** The number of a bucket of keys, rows and two sums; bind how many buckets there are, less one. */
    String buckets() {
        return "select b, count(*), " + SUMS + from(bucket() + ", " + row(), Slice.ALL) + " group by b";
    }

    /** Key and mark of each row; bind the slice. */
    String list(Slice slice) {
        return "select " + keyNames("s.") + ", " + mark() + from(keyTexts() + ", " + row(), slice);
    }

    /** Key and mark of each row of some buckets; bind how many buckets there are, less one, and an array of numbers. */
    String listBuckets() {
        return "select " + keyNames("s.") + ", " + mark() + from(keyTexts() + ", " + bucket() + ", " + row(), Slice.ALL)
                + " where b = any(?)";
    }

    /** The last key of the slice that begins after another key; bind that one's texts, if there are, and the rows. */
    String boundary(List<String> after) {
        return "select " + keyTexts() + " from only " + table.quoted() + where(new Slice(after, List.of()))
                + " order by " + keyColumns() + " offset ? limit 1";
    }

    /** The number of the key, version and mark of the rows of some keys; bind an array of texts for each column. */
    String lookup() {
        String arrays = key.stream().map(column -> "?::text[]").collect(Collectors.joining(", "));
        String equal = IntStream.range(0, key.size())
                .mapToObj(
                        i -> "\"changeover row\"." + Identifier.quote(key.get(i).name()) + " = " + asked(i) + "::"
                                + key.get(i).type())
                .collect(Collectors.joining(" and "));
        return "select n, v, " + mark() + " from (select \"changeover number\" as n,"
                + " \"changeover row\".xmin::text || \"changeover row\".ctid::text as v, " + row()
                + " from unnest(" + arrays + ") with ordinality as \"changeover asked\"("
                + IntStream.range(0, key.size()).mapToObj(TableSql::asked).collect(Collectors.joining(", "))
                + ", \"changeover number\") join only " + table.quoted() + " as \"changeover row\" on " + equal
                + " offset 0) s";
    }

    /** A name that no column of a table has. */
    private static String asked(int column) {
        return "\"changeover key " + column + "\"";
    }

    private String mark() {
        return hashing == Hashing.SERVER ? MARK : "r";
    }

    private String row() {
        return "row(" + String.join(", ", values) + ")::text collate \"C\" as r";
    }

    private String from(String columns, Slice slice) {
        return FROM_ROWS.formatted(columns, table.quoted(), where(slice));
    }

    private String bucket() {
        return key.stream()
                .map(column -> Identifier.quote(column.name()))
                .collect(Collectors.joining(
                        ", ", "(hashtextextended(row(", ")::text collate \"C\", 2) & ?::bigint)::integer as b"));
    }

    private String keyTexts() {
        return IntStream.range(0, key.size())
                .mapToObj(i -> Identifier.quote(key.get(i).name()) + "::text as k" + i)
                .collect(Collectors.joining(", "));
    }

    private String keyNames(String prefix) {
        return IntStream.range(0, key.size()).mapToObj(i -> prefix + "k" + i).collect(Collectors.joining(", "));
    }

    private String keyColumns() {
        return key.stream().map(column -> Identifier.quote(column.name())).collect(Collectors.joining(", "));
    }

    private String where(Slice slice) {
        List<String> conditions = new ArrayList<>();
        if (!slice.after().isEmpty()) {
            conditions.add("(" + keyColumns() + ") > (" + bounds() + ")");
        }
        if (!slice.upTo().isEmpty()) {
            conditions.add("(" + keyColumns() + ") <= (" + bounds() + ")");
        }
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    private String bounds() {
        return key.stream().map(column -> "?::text::" + column.type()).collect(Collectors.joining(", "));
    }
}
