package io.changeover.capture.wal;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.contract.TableDefinition;
import io.changeover.contract.Tuple;
import io.changeover.definition.SentDefinition;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Decodes pgoutput, the plugin of native logical replication, in protocol version 1: PostgreSQL 10 and later. Format:
 * PostgreSQL's documentation, "Logical Replication Message Formats".
 *
 * <p>A transaction that changed nothing we publish says nothing.
 */
public final class PgOutputDecoder implements WalDecoder {

    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    private static final int TRANSACTIONAL = 1;

    /** In the place of a value's length. */
    private static final int NULL = -1;

    private static final int UNSENT = -2;

    private static final byte[] NOTHING = new byte[0];

    /** Completes what the stream says of a table's definition. */
    @FunctionalInterface
    public interface Definitions {

        /** What is told of a table; empty if nothing is. */
        Optional<TableDefinition> complete(SentDefinition sent) throws SQLException;

        /** Nothing more is asked. */
        default void close() {}
    }

    private final Map<Integer, Relation> relations = new HashMap<>();
    private final Map<Integer, TableDefinition> told = new HashMap<>();
    private final Definitions definitions;
    private final Properties options = new Properties();
    private final RowReader row = new RowReader(Relation.of(Marker.TABLE, List.of(), new boolean[0]));
    private byte[] bytes = NOTHING;
    private int at;
    private int end;
    private int[] starts = new int[16];
    private int[] lengths = new int[16];
    private final Framing framing;

    /**
     * A decoder.
     *
     * @param publication what the stream is made of
     * @param major the server's version
     * @param start where the stream starts, see {@link Framing}
     * @param definitions asked whenever the stream describes a table
     */
    public PgOutputDecoder(String publication, int major, LogSequenceNumber start, Definitions definitions) {
        this.definitions = definitions;
        framing = new Framing(start);
        options.setProperty("proto_version", "1");
        options.setProperty("publication_names", '"' + publication.replace("\"", "\"\"") + '"');
        if (major >= 14) {
            options.setProperty("messages", "true");
        }
    }

    @Override
    public Properties options() {
        return options;
    }

    @Override
    public void close() {
        definitions.close();
    }

    @Override
    public void decode(ByteBuffer message, LogSequenceNumber lsn, Sink sink) throws SQLException, InterruptedException {
        bytes = message.array();
        at = message.arrayOffset() + message.position();
        end = message.arrayOffset() + message.limit();
        try {
            decode(sink);
            Objects.checkFromToIndex(0, at, end);
        } catch (IndexOutOfBoundsException e) {
            throw new UndecodableException("The server sent a message that ends before its content does", e);
        } finally {
            bytes = NOTHING; // of a long value it is the largest thing in memory, and the next one is as large
        }
    }

    private void decode(Sink sink) throws SQLException, InterruptedException {
        char kind = (char) int8();
        switch (kind) {
            case 'B' -> begin();
            case 'C' -> commit(sink);
            case 'R' -> relation(sink);
            case 'I' -> insert(sink);
            case 'U' -> update(sink);
            case 'D' -> delete(sink);
            case 'T' -> truncate(sink);
            case 'M' -> message(sink);
            case 'Y', 'O' -> {} // types, and where a change was first made: neither changes a row
            default ->
                throw new UndecodableException(
                        "The server sent a message of kind '" + kind + "', which version 1 of its protocol has not");
        }
    }

    private void begin() {
        at += 2 * Long.BYTES; // where it ends and when: the commit says it again
        framing.begin(Integer.toUnsignedLong(int32()));
    }

    private void commit(Sink sink) throws InterruptedException {
        at += 1 + Long.BYTES; // flags, and where its record begins
        LogSequenceNumber end = LogSequenceNumber.valueOf(int64());
        framing.commit(end, int64() + POSTGRES_EPOCH_MICROS, sink);
    }

    private void relation(Sink sink) throws SQLException, InterruptedException {
        int id = int32();
        String schema = string();
        String name = string();
        at++; // the kind of its replica identity: the columns say which they are
        int count = int16();
        List<String> columns = new ArrayList<>(count);
        List<SentDefinition.Column> sent = new ArrayList<>(count);
        boolean[] key = new boolean[count];
        for (int i = 0; i < count; i++) {
            key[i] = (int8() & 1) != 0;
            columns.add(string());
            sent.add(new SentDefinition.Column(columns.get(i), key[i], Integer.toUnsignedLong(int32()), int32()));
        }
        TableName table = new TableName(schema.isEmpty() ? "pg_catalog" : schema, name);
        Relation relation = Relation.of(table, columns, key);
        relations.put(id, relation);
        if (!relation.isMarker()) {
            tell(new SentDefinition(id, table, sent), sink);
        }
    }

    /** The server describes a table again whenever anything about it may have changed. */
    private void tell(SentDefinition sent, Sink sink) throws SQLException, InterruptedException {
        Optional<TableDefinition> definition = definitions.complete(sent);
        if (definition.isPresent() && !definition.get().equals(told.get(sent.oid()))) {
            told.put(sent.oid(), definition.get());
            ChangeEvent.Definition event = new ChangeEvent.Definition(definition.get());
            framing.say(event, event.message().content().length(), sink);
        }
    }

    private void insert(Sink sink) throws InterruptedException {
        Relation relation = relationOf(int32());
        at++; // 'N'
        Sink during = aheadOf(sink);
        Tuple after = tuple(relation, true, during);
        int chars = row.chars();
        framing.say(
                relation.isMarker() ? message(after) : new ChangeEvent.Insert(relation.table(), after), chars, sink);
    }

    private void update(Sink sink) throws InterruptedException {
        Relation relation = relationOf(int32());
        Sink during = aheadOf(sink);
        char kind = (char) int8();
        @Nullable Tuple before = null;
        int chars = 0;
        if (kind != 'N') {
            before = old(relation, kind, during);
            chars = row.chars();
            at++; // 'N'
        }
        Tuple after = tuple(relation, true, during);
        chars += row.chars();
        if (before == null) {
            before = key(relation, during); // unchanged: the new row has it
        }
        framing.say(
                relation.isMarker() ? message(after) : new ChangeEvent.Update(relation.table(), before, after),
                chars,
                sink);
    }

    private void delete(Sink sink) throws InterruptedException {
        Relation relation = relationOf(int32());
        char kind = (char) int8();
        Tuple before = old(relation, kind, aheadOf(sink));
        if (!relation.isMarker()) {
            framing.say(new ChangeEvent.Delete(relation.table(), before), row.chars(), sink);
        }
    }

    /** The pieces of a long value are a part of the transaction, too. */
    private Sink aheadOf(Sink sink) {
        return (event, chars) -> framing.say(event, chars, sink);
    }

    private void truncate(Sink sink) throws InterruptedException {
        int count = int32();
        at++; // CASCADE names the other tables; RESTART IDENTITY: sequences are set at the cutover
        for (int i = 0; i < count; i++) {
            Relation relation = relationOf(int32());
            if (!relation.isMarker()) {
                framing.say(new ChangeEvent.Truncate(relation.table()), 0, sink);
            }
        }
    }

    private void message(Sink sink) throws InterruptedException {
        boolean transactional = int8() == TRANSACTIONAL;
        at += Long.BYTES;
        String prefix = string();
        int length = Objects.checkIndex(int32(), end - at + 1);
        if (transactional && prefix.equals(Marker.PREFIX)) {
            String content = new String(bytes, at, length, StandardCharsets.UTF_8);
            framing.say(new ChangeEvent.Message(prefix, content), content.length(), sink);
        }
    }

    private static ChangeEvent message(Tuple marker) {
        int content = marker.indexOf(Marker.CONTENT);
        return new ChangeEvent.Message(
                Marker.PREFIX,
                Objects.requireNonNull(content < 0 ? null : marker.value(content), "a marker has a content"));
    }

    /** 'O' is the whole old row; 'K' has the key, and NULL in the place of everything else. */
    private Tuple old(Relation relation, char kind, Sink during) throws InterruptedException {
        if (kind == 'O') {
            return tuple(relation, false, during);
        }
        if (kind != 'K') {
            throw new UndecodableException("The server sent no old row and no key for a change of " + relation.table());
        }
        scan(relation);
        return key(relation, during);
    }

    /** The key of the tuple that was scanned last. */
    private Tuple key(Relation relation, Sink during) throws InterruptedException {
        row.begin(relation, false);
        for (int column : relation.key()) {
            if (lengths[column] == UNSENT) {
                throw new UndecodableException("The server did not send the key of a change of " + relation.table());
            }
            add(column, during);
        }
        return row.tuple();
    }

    private Tuple tuple(Relation relation, boolean after, Sink during) throws InterruptedException {
        int count = scan(relation);
        row.begin(relation, after);
        for (int column = 0; column < count; column++) {
            if (lengths[column] != UNSENT) {
                add(column, during);
            }
        }
        return row.tuple();
    }

    private void add(int column, Sink during) throws InterruptedException {
        if (lengths[column] == NULL) {
            row.addNull(column);
        } else {
            row.add(column, bytes, starts[column], lengths[column], during);
        }
    }

    /** Notes where the values of a tuple are, and goes behind it. */
    private int scan(Relation relation) {
        int count = int16();
        if (count != relation.columns().size()) {
            throw new UndecodableException("The server sent " + count + " columns for table " + relation.table()
                    + ", which has " + relation.columns().size());
        }
        if (lengths.length < count) {
            starts = new int[count];
            lengths = new int[count];
        }
        for (int i = 0; i < count; i++) {
            char kind = (char) int8();
            switch (kind) {
                case 'n' -> lengths[i] = NULL;
                case 'u' -> lengths[i] = UNSENT;
                case 't' -> {
                    lengths[i] = Objects.checkIndex(int32(), end - at + 1);
                    starts[i] = at;
                    at += lengths[i];
                }
                default ->
                    throw new UndecodableException("The server sent a value of kind '" + kind + "' in table "
                            + relation.table() + ", where text was asked for");
            }
        }
        return count;
    }

    private Relation relationOf(int id) {
        Relation relation = relations.get(id);
        if (relation == null) {
            throw new UndecodableException("The server sent a change of a table that it has not described");
        }
        return relation;
    }

    private int int16() {
        int value = (unsigned(at) << 8) | unsigned(at + 1);
        at += Short.BYTES;
        return value;
    }

    private int int32() {
        int value = (unsigned(at) << 24) | (unsigned(at + 1) << 16) | (unsigned(at + 2) << 8) | unsigned(at + 3);
        at += Integer.BYTES;
        return value;
    }

    private long int64() {
        return ((long) int32() << 32) | Integer.toUnsignedLong(int32());
    }

    private int int8() {
        return unsigned(at++);
    }

    private int unsigned(int index) {
        return Byte.toUnsignedInt(bytes[Objects.checkIndex(index, end)]);
    }

    /** A string that ends with zero. */
    private String string() {
        int zero = at;
        while (bytes[Objects.checkIndex(zero, end)] != 0) {
            zero++;
        }
        try {
            return Utf8.text(bytes, at, zero - at);
        } catch (IllegalArgumentException e) {
            throw new UndecodableException(
                    "CO-2012: a name of a schema, table or column holds bytes that are not text in any encoding", e);
        } finally {
            at = zero + 1;
        }
    }
}
