package io.changeover.capture.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.LongValues;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

@Timeout(60)
class PgOutputDecoderTest {

    private static final TableName TABLE = new TableName("public", "t");
    private static final LogSequenceNumber LSN = LogSequenceNumber.valueOf(200);

    private static final LogSequenceNumber START = LogSequenceNumber.valueOf(90);

    private final PgOutputDecoder decoder = new PgOutputDecoder("p", 17, START, sent -> Optional.empty());
    private final List<ChangeEvent> events = new ArrayList<>();

    @BeforeEach
    void beginTransaction() throws Exception {
        decode(PgOutputBytes.begin(7), PgOutputBytes.relation(1, "public", "t", "*id", "a", "b"));
    }

    private void decode(PgOutputBytes... messages) throws Exception {
        for (PgOutputBytes message : messages) {
            decoder.decode(message.buffer(), LSN, (event, chars) -> events.add(event));
        }
    }

    private static PgOutputBytes insert(Object... values) {
        return new PgOutputBytes('I').int32(1).tuple('N', values);
    }

    private static PgOutputBytes update() {
        return new PgOutputBytes('U').int32(1);
    }

    private static PgOutputBytes delete() {
        return new PgOutputBytes('D').int32(1);
    }

    private static Tuple tuple(String... namesAndValues) {
        Tuple.Builder builder = new Tuple.Builder(3);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    @Test
    void optionsQuoteThePublicationAndAskForMessagesWhereThereAreSome() {
        assertThat(new PgOutputDecoder("a \"b\"", 14, START, sent -> Optional.empty()).options())
                .isEqualTo(Map.of("proto_version", "1", "publication_names", "\"a \"\"b\"\"\"", "messages", "true"));
        assertThat(new PgOutputDecoder("p", 13, START, sent -> Optional.empty()).options())
                .doesNotContainKey("messages");
    }

    @Test
    void transactionOfAllKindsOfChanges() throws Exception {
        decode(
                insert("1", null, ""),
                update().tuple('N', "1", "x", "y"),
                update().tuple('K', "1", null, null).tuple('N', "2", "x", "y"),
                delete().tuple('K', "2", null, null),
                new PgOutputBytes('T').int32(1).int8(3).int32(1),
                PgOutputBytes.commit(300, 5));

        assertThat(events)
                .containsExactly(
                        new ChangeEvent.Begin(7, START),
                        new ChangeEvent.Insert(TABLE, tuple("id", "1", "a", null, "b", "")),
                        new ChangeEvent.Update(TABLE, tuple("id", "1"), tuple("id", "1", "a", "x", "b", "y")),
                        new ChangeEvent.Update(TABLE, tuple("id", "1"), tuple("id", "2", "a", "x", "b", "y")),
                        new ChangeEvent.Delete(TABLE, tuple("id", "2")),
                        new ChangeEvent.Truncate(TABLE),
                        new ChangeEvent.End(7, LogSequenceNumber.valueOf(300), 946_684_800_000_005L, 5));
    }

    @Test
    void idOfATransactionHas32Bits() throws Exception {
        decode(PgOutputBytes.begin(-1), insert("1", null, null));

        assertThat(events.get(0)).isEqualTo(new ChangeEvent.Begin(4_294_967_295L, START));
    }

    @Test
    void transactionWithoutChangesSaysNothing() throws Exception {
        decode(PgOutputBytes.commit(300, 5), PgOutputBytes.begin(8), PgOutputBytes.commit(400, 6));

        assertThat(events).isEmpty();
    }

    @Test
    void transactionFollowsTheLastOneThatSaidSomething() throws Exception {
        decode(insert("1", null, null), PgOutputBytes.commit(300, 5));
        decode(PgOutputBytes.begin(8), PgOutputBytes.commit(400, 6));
        decode(PgOutputBytes.begin(9), insert("2", null, null));

        assertThat(events)
                .filteredOn(ChangeEvent.Begin.class::isInstance)
                .containsExactly(
                        new ChangeEvent.Begin(7, START), new ChangeEvent.Begin(9, LogSequenceNumber.valueOf(300)));
    }

    @Test
    void wholeOldRowIsBefore() throws Exception {
        decode(update().tuple('O', "1", null, "old").tuple('N', "1", "x", "new"), delete().tuple('O', "1", "x", null));

        assertThat(events)
                .contains(
                        new ChangeEvent.Update(
                                TABLE, tuple("id", "1", "a", null, "b", "old"), tuple("id", "1", "a", "x", "b", "new")),
                        new ChangeEvent.Delete(TABLE, tuple("id", "1", "a", "x", "b", null)));
    }

    @Test
    void columnThatWasNotSentIsNotThere() throws Exception {
        decode(update().tuple('N', "1", PgOutputBytes.UNSENT, "unsent"));

        assertThat(events).contains(new ChangeEvent.Update(TABLE, tuple("id", "1"), tuple("id", "1", "b", "unsent")));
    }

    @Test
    void keyMayHaveNullParts() throws Exception {
        decode(
                PgOutputBytes.relation(1, "public", "t", "*id", "a", "*b"),
                delete().tuple('K', "1", null, null),
                update().tuple('K', null, null, "2").tuple('N', "1", "x", null));

        assertThat(events)
                .contains(
                        new ChangeEvent.Delete(TABLE, tuple("id", "1", "b", null)),
                        new ChangeEvent.Update(
                                TABLE, tuple("id", null, "b", "2"), tuple("id", "1", "a", "x", "b", null)));
    }

    @Test
    void keyThatWasNotSentIsAnError() {
        assertThatThrownBy(() -> decode(update().tuple('N', PgOutputBytes.UNSENT, "a", "b")))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("public.t");
    }

    @Test
    void keyThatIsSentAsOldMayBeUnsentAsNew() throws Exception {
        decode(update().tuple('K', "1", null, null).tuple('N', PgOutputBytes.UNSENT, "a", "b"));

        assertThat(events).contains(new ChangeEvent.Update(TABLE, tuple("id", "1"), tuple("a", "a", "b", "b")));
    }

    @Test
    void tableMayBeAlteredInMidStream() throws Exception {
        decode(
                insert("1", "x", "y"),
                PgOutputBytes.relation(1, "public", "renamed", "id", "*b", "c", "d"),
                new PgOutputBytes('I').int32(1).tuple('N', "1", "2", "3", "4"),
                update().tuple('N', "1", "2", "3", "4"));

        TableName renamed = new TableName("public", "renamed");
        Tuple row = tuple("id", "1", "b", "2", "c", "3", "d", "4");
        assertThat(events)
                .endsWith(new ChangeEvent.Insert(renamed, row), new ChangeEvent.Update(renamed, tuple("b", "2"), row));
        assertThatThrownBy(() -> decode(insert("1", "x", "y")))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("3 columns")
                .hasMessageContaining("public.renamed");
    }

    @Test
    void emptySchemaIsTheSystems() throws Exception {
        decode(PgOutputBytes.relation(1, "", "t", "*id"), insert("1"));

        assertThat(events).contains(new ChangeEvent.Insert(new TableName("pg_catalog", "t"), tuple("id", "1")));
    }

    @Test
    void onlyOurOwnTransactionalMessagesMatter() throws Exception {
        decode(
                message(0, "changeover", "not of a transaction"),
                message(1, "somebody", "else"),
                message(1, "changeover", "marker ä"));

        assertThat(events)
                .containsExactly(new ChangeEvent.Begin(7, START), new ChangeEvent.Message("changeover", "marker ä"));
    }

    private static PgOutputBytes message(int transactional, String prefix, String content) {
        byte[] bytes = content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new PgOutputBytes('M')
                .int8(transactional)
                .int64(250)
                .text(prefix)
                .int32(bytes.length)
                .raw(bytes);
    }

    @Test
    void rowsOfTheMarkerTableAreMessages() throws Exception {
        decode(
                PgOutputBytes.relation(1, "changeover", "marker", "*id", "content"),
                insert("1", "marker 1"),
                update().tuple('N', "1", "marker 2"),
                delete().tuple('K', "1", null),
                new PgOutputBytes('T').int32(1).int8(0).int32(1));

        assertThat(events)
                .containsExactly(
                        new ChangeEvent.Begin(7, START),
                        new ChangeEvent.Message("changeover", "marker 1"),
                        new ChangeEvent.Message("changeover", "marker 2"));
    }

    @Test
    void typesAndOriginsAreSkipped() throws Exception {
        decode(
                new PgOutputBytes('Y').int32(1).text("public").text("mood"),
                new PgOutputBytes('O').int64(1).text("elsewhere"));

        assertThat(events).isEmpty();
    }

    @Test
    void unknownMessageIsAnError() {
        assertThatThrownBy(() -> decode(new PgOutputBytes('S').int32(1)))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("'S'");
    }

    @Test
    void changeOfATableThatWasNotDescribedIsAnError() {
        assertThatThrownBy(() -> decode(new PgOutputBytes('I').int32(2).tuple('N', "1")))
                .isInstanceOf(UndecodableException.class);
    }

    @Test
    void binaryValueIsAnError() {
        assertThatThrownBy(() -> decode(new PgOutputBytes('I')
                        .int32(1)
                        .int8('N')
                        .int16(3)
                        .int8('b')
                        .int32(1)
                        .int8(1)))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("'b'");
    }

    /** Whatever is cut off is an error; bytes of another message that lie behind it are not read. */
    @Test
    void messageThatWasCutOffIsAnErrorAndSaysNothing() throws Exception {
        for (PgOutputBytes whole : List.of(
                PgOutputBytes.begin(7),
                PgOutputBytes.commit(300, 5),
                PgOutputBytes.relation(1, "public", "t", "*id", "a"),
                insert("1", null, "long enough"),
                update().tuple('K', "1", null, null).tuple('N', "2", "x", "y"),
                update().tuple('O', "1", "a", "b").tuple('N', "2", "x", "y"),
                delete().tuple('O', "1", "a", "b"),
                new PgOutputBytes('T').int32(2).int8(0).int32(1).int32(1),
                message(1, "changeover", "marker"))) {
            byte[] bytes = whole.array();
            for (int length = 0; length < bytes.length; length++) {
                PgOutputDecoder fresh = new PgOutputDecoder("p", 17, START, sent -> Optional.empty());
                List<ChangeEvent> said = new ArrayList<>();
                fresh.decode(
                        PgOutputBytes.relation(1, "public", "t", "*id", "a", "b")
                                .buffer(),
                        LSN,
                        (event, chars) -> {});
                ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
                assertThatThrownBy(() -> fresh.decode(cut, LSN, (event, chars) -> said.add(event)))
                        .as("message %s, cut after %d bytes", (char) bytes[0], length)
                        .isInstanceOf(UndecodableException.class);
                assertThat(said)
                        .filteredOn(
                                event -> !(event instanceof ChangeEvent.Begin || event instanceof ChangeEvent.Truncate))
                        .isEmpty();
            }
        }
    }

    @Test
    void valueOfNegativeLengthIsAnError() {
        assertThatThrownBy(() -> decode(new PgOutputBytes('I')
                        .int32(1)
                        .int8('N')
                        .int16(3)
                        .int8('t')
                        .int32(-1)
                        .int8('n')
                        .int8('n')))
                .isInstanceOf(UndecodableException.class);
    }

    /** A character of one to four bytes, at every place around the border. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "ä", "€", "😀"})
    void longValuesAreCutBetweenCharacters(String character) throws Exception {
        for (int before = RowReader.PIECE - 4; before <= RowReader.PIECE; before++) {
            events.clear();
            String value = "x".repeat(before) + character + "y".repeat(RowReader.PIECE) + character.repeat(3);
            decode(PgOutputBytes.begin(7), insert("1", value, null));

            assertThat(events.stream()
                            .filter(ChangeEvent.Piece.class::isInstance)
                            .map(ChangeEvent.Piece.class::cast))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(piece -> assertThat(bytes(piece.text())).isLessThanOrEqualTo(RowReader.PIECE))
                    .allSatisfy(piece -> assertThat(piece.length()).isEqualTo(bytes(value)));
            assertThat(whole()).containsExactly(new ChangeEvent.Insert(TABLE, tuple("id", "1", "b", null, "a", value)));
        }
    }

    private static int bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    @Test
    void longValueThatIsNoTextIsNamedWithoutItsContent() {
        byte[] value = new byte[3 * RowReader.PIECE];
        Arrays.fill(value, (byte) 0x80);

        assertThatThrownBy(() -> decode(insert("1", value, null)))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("CO-2012: column a of table public.t");
    }

    @Test
    void longKeyOfAnUnchangedRowGoesAheadForBeforeAsWell() throws Exception {
        String key = "k".repeat(RowReader.PIECE + 1);
        decode(update().tuple('N', key, "x", "y"));

        ChangeEvent.Update update = (ChangeEvent.Update) whole().get(0);
        assertThat(update.before().toMap()).isEqualTo(Map.of("id", key));
        assertThat(update.after().toMap()).isEqualTo(Map.of("id", key, "a", "x", "b", "y"));
    }

    @Test
    void longValuesOfOldAndNewRowAreKeptApart() throws Exception {
        String old = "o".repeat(2 * RowReader.PIECE);
        String now = "n".repeat(RowReader.PIECE + 3);
        decode(update().tuple('O', "1", old, null).tuple('N', "1", now, old), delete().tuple('O', "1", now, old));

        List<ChangeEvent> whole = whole();
        ChangeEvent.Update update = (ChangeEvent.Update) whole.get(0);
        Map<String, String> before = new HashMap<>(Map.of("id", "1", "a", old));
        before.put("b", null);
        assertThat(update.before().toMap()).isEqualTo(before);
        assertThat(update.after().toMap()).isEqualTo(Map.of("id", "1", "a", now, "b", old));
        assertThat(((ChangeEvent.Delete) whole.get(1)).before().toMap())
                .isEqualTo(Map.of("id", "1", "a", now, "b", old));
    }

    /** Many columns of middle length are too much for one record together. */
    @Test
    void restOfAWideRowGoesAhead() throws Exception {
        String[] columns = new String[10];
        Object[] values = new Object[10];
        Map<String, String> expected = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            columns[i] = (i == 0 ? "*c" : "c") + i;
            values[i] = String.valueOf(i).repeat(100_000);
            expected.put("c" + i, (String) values[i]);
        }
        decode(PgOutputBytes.relation(1, "public", "t", columns), insert(values));

        assertThat(events).hasAtLeastOneElementOfType(ChangeEvent.Piece.class);
        assertThat(((ChangeEvent.Insert) whole().get(0)).after().toMap()).isEqualTo(expected);
        assertThat(((ChangeEvent.Insert) events.get(events.size() - 1)).after().size())
                .isLessThan(5);
    }

    /** The row changes, put together. */
    private List<ChangeEvent> whole() {
        LongValues values = new LongValues();
        List<ChangeEvent> whole = new ArrayList<>();
        for (ChangeEvent event : events) {
            ChangeEvent taken = values.take(event);
            if (taken != null && !(taken instanceof ChangeEvent.Begin)) {
                whole.add(taken);
            }
        }
        return whole;
    }
}
