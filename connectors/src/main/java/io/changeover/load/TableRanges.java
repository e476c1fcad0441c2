package io.changeover.load;

import io.changeover.ledger.PartLedger.Range;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Divides a table into ranges of about the same size, which together are all of it: ranges of blocks, or before
 * PostgreSQL 14, which would read the whole table for each of them, of an integer key.
 */
final class TableRanges {

    /** More would only cost more statements. */
    private static final int MOST = 1000;

    private static final int RANGES_OF_BLOCKS_SINCE = 14;

    private static final String FACTS = """
            select pg_table_size(c.oid), pg_relation_size(c.oid) / current_setting('block_size')::bigint,
                   (select a.attname from pg_index i
                      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                     where i.indrelid = c.oid and i.indisprimary and array_length(i.indkey::int2[], 1) = 1
                       and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relname = ?""";

    private record Facts(long bytes, long blocks, Optional<String> key) {}

    private TableRanges() {}

    /**
     * Divides it.
     *
     * @param from a transaction that sees what is to be divided
     * @param partBytes about how large a part is to be
     * @return the ranges, or none if the table is not large enough or cannot be divided
     */
    static List<Range> of(Connection from, TableName table, long partBytes) throws SQLException {
        return of(from, table, partBytes, from.getMetaData().getDatabaseMajorVersion() >= RANGES_OF_BLOCKS_SINCE);
    }

    static List<Range> of(Connection from, TableName table, long partBytes, boolean byBlocks) throws SQLException {
        Facts facts = facts(from, table);
        long wanted = Math.min(MOST, -Math.floorDiv(-facts.bytes(), partBytes));
        int parts = (int) (byBlocks ? Math.min(wanted, facts.blocks()) : wanted);
        if (parts < 2) {
            return List.of();
        }
        if (byBlocks) {
            BigInteger end = BigInteger.valueOf(facts.blocks());
            return between(Optional.empty(), BigInteger.ZERO, end, parts, facts.bytes());
        }
        return facts.key().isPresent() ? ofKey(from, table, facts.key().get(), parts, facts) : List.of();
    }

    private static Facts facts(Connection from, TableName table) throws SQLException {
        try (PreparedStatement select = from.prepareStatement(FACTS)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? new Facts(rows.getLong(1), rows.getLong(2), Optional.ofNullable(rows.getString(3)))
                        : new Facts(0, 0, Optional.empty());
            }
        }
    }

    private static List<Range> ofKey(Connection from, TableName table, String key, int parts, Facts facts)
            throws SQLException {
        String column = Identifier.quote(key);
        try (Statement statement = from.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select min(" + column + ")::text, max(" + column + ")::text from only " + table.quoted())) {
            rows.next();
            String least = rows.getString(1);
            String greatest = rows.getString(2);
            if (least == null || greatest == null) {
                return List.of();
            }
            return ofKeys(key, Long.parseLong(least), Long.parseLong(greatest), parts, facts.bytes());
        }
    }

    /** Ranges of about as many values each. */
    static List<Range> ofKeys(String key, long least, long greatest, int parts, long bytes) {
        BigInteger end = BigInteger.valueOf(greatest).add(BigInteger.ONE);
        return between(Optional.of(key), BigInteger.valueOf(least), end, parts, bytes);
    }

    /** The first and the last one have no outer bound: what lies beyond belongs to them. */
    private static List<Range> between(Optional<String> key, BigInteger begin, BigInteger end, int parts, long bytes) {
        BigInteger width = end.subtract(begin);
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            ranges.add(new Range(
                    key,
                    i == 0 ? OptionalLong.empty() : bound(begin, width, i, parts),
                    i == parts - 1 ? OptionalLong.empty() : bound(begin, width, i + 1, parts),
                    bytes / parts));
        }
        return ranges;
    }

    private static OptionalLong bound(BigInteger begin, BigInteger width, int number, int parts) {
        return OptionalLong.of(
                begin.add(width.multiply(BigInteger.valueOf(number)).divide(BigInteger.valueOf(parts)))
                        .longValueExact());
    }

    /** The condition of a query that reads a range. */
    static String condition(Range range) {
        String value = range.keyColumn().map(Identifier::quote).orElse("ctid");
        List<String> bounds = new ArrayList<>();
        range.lower().ifPresent(lower -> bounds.add(value + " >= " + literal(range, lower)));
        range.upper().ifPresent(upper -> bounds.add(value + " < " + literal(range, upper)));
        return bounds.isEmpty() ? "true" : String.join(" and ", bounds);
    }

    private static String literal(Range range, long bound) {
        return range.keyColumn().isPresent() ? "'" + bound + "'::int8" : "'(" + bound + ",0)'::tid";
    }
}
