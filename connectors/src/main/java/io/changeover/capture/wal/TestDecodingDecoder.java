package io.changeover.capture.wal;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Decodes test_decoding, the plugin that PostgreSQL 9.6 has, for want of pgoutput. Its lines (format: the plugin's
 * source) name all columns, but neither say which are the key nor, in an old row, which are NULL; both are asked for.
 * It sends every table, of which those that are not wanted are left out, such as ours, those of extensions,
 * materialized views, and what a table is rewritten into by ALTER TABLE. It sends no TRUNCATE. The database has to be
 * UTF-8: the server does not convert these lines.
 */
public final class TestDecodingDecoder implements WalDecoder {

    private static final DateTimeFormatter COMMITTED = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][X]")
            .parseDefaulting(ChronoField.NANO_OF_SECOND, 0)
            .toFormatter();

    /** Of a table WITH OIDS: no column of its own, and none that a newer server has. */
    private static final String SYSTEM_OID = "oid";

    private static final String NO_ROW = " (no-tuple-data)";

    private final TableColumns catalog;
    private final Map<TableName, Relation> relations = new HashMap<>();
    private @Nullable Set<TableName> wanted;
    private final RowReader row;
    private final Framing framing;

    /**
     * A decoder.
     *
     * @param catalog is asked for what the lines do not say
     * @param start where the stream starts, see {@link Framing}
     */
    public TestDecodingDecoder(TableColumns catalog, LogSequenceNumber start) {
        this.catalog = catalog;
        this.framing = new Framing(start);
        this.row = new RowReader(Relation.of(Marker.TABLE, List.of(), new boolean[0]));
    }

    @Override
    public Properties options() {
        Properties options = new Properties();
        options.setProperty("include-xids", "on");
        options.setProperty("include-timestamp", "on");
        return options;
    }

    @Override
    public void decode(ByteBuffer message, LogSequenceNumber lsn, Sink sink) throws SQLException, InterruptedException {
        int from = message.arrayOffset() + message.position();
        PlainText line = new PlainText(utf8(message.array(), from, message.remaining()));
        if (line.skip("table ")) {
            change(line, sink);
        } else if (line.skip("BEGIN ")) {
            framing.begin(line.number());
        } else if (line.skip("COMMIT ")) {
            commit(line, lsn, sink);
        } else {
            line.expect("message: transactional: ");
            message(line, sink);
        }
    }

    private static String utf8(byte[] bytes, int from, int length) {
        try {
            return Utf8.text(bytes, from, length);
        } catch (IllegalArgumentException e) {
            throw new UndecodableException("CO-2012: the server sent bytes that are not UTF-8. A source before"
                    + " PostgreSQL 10 has to be a UTF-8 database; the change cannot be read otherwise");
        }
    }

    private void commit(PlainText line, LogSequenceNumber end, Sink sink) throws InterruptedException {
        line.number();
        line.expect(" (at ");
        framing.commit(end, micros(line.until(')')), sink);
    }

    /** The zone may be left out where it is this machine's. */
    private static long micros(String text) {
        var parsed = COMMITTED.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        Instant instant = parsed instanceof OffsetDateTime withZone
                ? withZone.toInstant()
                : LocalDateTime.from(parsed).atZone(ZoneId.systemDefault()).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private void message(PlainText line, Sink sink) throws InterruptedException {
        boolean transactional = line.until(' ').equals("1");
        line.expect(" prefix: ");
        if (transactional && line.skip(Marker.PREFIX + ", sz: ")) {
            line.number();
            line.expect(" content:");
            String content = line.rest();
            framing.say(new ChangeEvent.Message(Marker.PREFIX, content), content.length(), sink);
        }
    }

    private void change(PlainText line, Sink sink) throws SQLException, InterruptedException {
        String schema = line.identifier();
        line.expect(".");
        TableName table = new TableName(schema, line.identifier());
        line.expect(": ");
        if (!wanted().contains(table)) {
            return;
        }
        Sink during = (event, chars) -> framing.say(event, chars, sink);
        if (line.skip("INSERT:")) {
            Map<String, @Nullable String> values = row(line);
            Tuple after = tuple(relation(table, values), values, true, during);
            framing.say(new ChangeEvent.Insert(table, after), row.chars(), sink);
        } else if (line.skip("UPDATE:")) {
            update(table, line, sink, during);
        } else {
            line.expect("DELETE:");
            if (line.looksAt(NO_ROW)) {
                throw unidentified(table);
            }
            Map<String, @Nullable String> old = row(line);
            Tuple before = before(relation(table, old), old, during);
            framing.say(new ChangeEvent.Delete(table, before), row.chars(), sink);
        }
    }

    private Set<TableName> wanted() throws SQLException {
        Set<TableName> known = wanted;
        if (known == null) {
            known = catalog.wanted();
            wanted = known;
        }
        return known;
    }

    /** The server refuses such changes only where there are publications. */
    private static UndecodableException unidentified(TableName table) {
        return new UndecodableException("CO-2014: the source does not say which row of table " + table
                + " was changed: the table has lost its primary key or replica identity, or a value of its key is so long"
                + " that it is stored out of line");
    }

    private void update(TableName table, PlainText line, Sink sink, Sink during)
            throws SQLException, InterruptedException {
        @Nullable Map<String, @Nullable String> old = null;
        if (line.skip(" old-key:")) {
            old = row(line);
            line.expect(" new-tuple:");
        }
        Map<String, @Nullable String> values = row(line);
        Relation relation = relation(table, values);
        Tuple before = before(relation, old == null ? unchangedKey(relation, values) : old, during);
        int chars = row.chars();
        Tuple after = tuple(relation, values, true, during);
        framing.say(new ChangeEvent.Update(table, before, after), chars + row.chars(), sink);
    }

    /** An old row is not sent where the key is as it was. */
    private static Map<String, @Nullable String> unchangedKey(Relation relation, Map<String, @Nullable String> values) {
        if (relation.keyColumns().isEmpty() || !values.keySet().containsAll(relation.keyColumns())) {
            throw unidentified(relation.table());
        }
        return values;
    }

    /** The columns of a row as the line has them; those that were not sent are left out. */
    private static Map<String, @Nullable String> row(PlainText line) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        if (line.skip(NO_ROW)) {
            return values;
        }
        while (!line.atEnd() && !line.looksAt(" new-tuple:")) {
            line.expect(" ");
            String column = line.identifier();
            line.expect("[");
            line.skipType();
            if (line.skip("unchanged-toast-datum")) {
                continue;
            }
            values.put(column, value(line));
        }
        values.remove(SYSTEM_OID);
        return values;
    }

    private static @Nullable String value(PlainText line) {
        if (line.peek() == '\'') {
            return line.quoted('\'');
        }
        if (line.skip("B'")) {
            String bits = line.until('\'');
            line.expect("'");
            return bits;
        }
        String bare = line.until(' ');
        return switch (bare) {
            case "null" -> null;
            case "true" -> "t";
            case "false" -> "f";
            default -> bare;
        };
    }

    /** The table as it was when the line was written, as far as one can ask for it. */
    private Relation relation(TableName table, Map<String, @Nullable String> values) throws SQLException {
        Relation known = relations.get(table);
        if (known == null || !known.columns().containsAll(values.keySet())) {
            known = catalog.of(table);
            if (!known.columns().containsAll(values.keySet())) {
                throw new UndecodableException("Table " + table + " has changed since: the stream has columns "
                        + values.keySet() + ", and the table has " + known.columns());
            }
            relations.put(table, known);
        }
        return known;
    }

    /** The replica identity's columns; what an old row leaves out is NULL. */
    private Tuple before(Relation relation, Map<String, @Nullable String> values, Sink during)
            throws InterruptedException {
        Map<String, @Nullable String> key = new LinkedHashMap<>();
        relation.keyColumns().forEach(column -> key.put(column, values.get(column)));
        return tuple(relation, key, false, during);
    }

    private Tuple tuple(Relation relation, Map<String, @Nullable String> values, boolean after, Sink during)
            throws InterruptedException {
        row.begin(relation, after);
        for (int column = 0; column < relation.columns().size(); column++) {
            String name = relation.columns().get(column);
            String value = values.get(name);
            if (value != null) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                row.add(column, bytes, 0, bytes.length, during);
            } else if (values.containsKey(name)) {
                row.addNull(column);
            }
        }
        return row.tuple();
    }
}
