package io.changeover.capture.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class TestDecodingDecoderTest {

    private static final TableName T = new TableName("public", "t");
    private static final TableName ODD = new TableName("S", "a.\"b\": ");
    private static final LogSequenceNumber END = LogSequenceNumber.valueOf("0/16B3748");

    private static final LogSequenceNumber START = LogSequenceNumber.valueOf(90);

    private final Map<TableName, Relation> tables = new LinkedHashMap<>(Map.of(
            T, Relation.of(T, List.of("id", "a", "b"), new boolean[] {true, false, false}),
            ODD, Relation.of(ODD, List.of("]:", "x"), new boolean[] {true, true})));
    private final TestDecodingDecoder decoder = new TestDecodingDecoder(
            new TableColumns() {
                @Override
                public Set<TableName> wanted() {
                    return tables.keySet();
                }

                @Override
                public Relation of(TableName table) {
                    return tables.get(table);
                }
            },
            START);

    @Test
    void transactionHasItsChangesInOrder() throws Exception {
        assertThat(decode(
                        "BEGIN 742",
                        "table public.t: INSERT: id[integer]:1 a[text]:'it''s \\' b[boolean]:true",
                        "table public.t: UPDATE: id[integer]:1 a[text]:null b[bit varying]:B'0101'",
                        "table public.t: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2"
                                + " a[text]:unchanged-toast-datum b[boolean]:false",
                        "table public.t: DELETE: id[integer]:2",
                        "message: transactional: 1 prefix: changeover, sz: 9 content:heartbeat",
                        "message: transactional: 1 prefix: other, sz: 1 content:x",
                        "message: transactional: 0 prefix: changeover, sz: 1 content:x",
                        "COMMIT 742 (at 2026-11-22 10:00:00.123456+00)"))
                .isEqualTo(List.of(
                        new ChangeEvent.Begin(742, START),
                        new ChangeEvent.Insert(T, row("id", "1", "a", "it's \\", "b", "t")),
                        new ChangeEvent.Update(T, row("id", "1"), row("id", "1", "a", null, "b", "0101")),
                        new ChangeEvent.Update(T, row("id", "1"), row("id", "2", "b", "f")),
                        new ChangeEvent.Delete(T, row("id", "2")),
                        new ChangeEvent.Message("changeover", "heartbeat"),
                        new ChangeEvent.End(742, END, 1_795_341_600_123_456L, 5)));
    }

    @Test
    void quotedNamesAndTypesAreRead() throws Exception {
        assertThat(decode(
                        "BEGIN 1",
                        "table \"S\".\"a.\"\"b\"\": \": INSERT: \"]:\"[\"Weird]:\"\"Type\"[]]:'{new-tuple: }'"
                                + " x[timestamp without time zone]:'2026-01-01 00:00:00'",
                        "table \"S\".\"a.\"\"b\"\": \": DELETE: x[integer]:7"))
                .containsExactly(
                        new ChangeEvent.Begin(1, START),
                        new ChangeEvent.Insert(ODD, row("]:", "{new-tuple: }", "x", "2026-01-01 00:00:00")),
                        new ChangeEvent.Delete(ODD, row("]:", null, "x", "7")));
    }

    @Test
    void emptyTransactionSaysNothing() throws Exception {
        assertThat(decode("BEGIN 1", "COMMIT 1 (at 2026-11-22 10:00:00+00)")).isEmpty();
    }

    @Test
    void systemColumnOfATableWithOidsIsLeftOut() throws Exception {
        assertThat(decode("BEGIN 1", "table public.t: INSERT: oid[oid]:16400 id[integer]:1 a[text]:'' b[text]:null"))
                .contains(new ChangeEvent.Insert(T, row("id", "1", "a", "", "b", null)));
    }

    @Test
    void tablesThatAreNotWantedAreLeftOut() throws Exception {
        assertThat(decode(
                        "BEGIN 1",
                        "table changeover.published: INSERT: publication[text]:'p'",
                        "table public.pg_temp_16400: INSERT: id[integer]:1",
                        "table public.sold: DELETE: (no-tuple-data)",
                        "COMMIT 1 (at 2026-11-22 10:00:00+00)"))
                .isEmpty();
    }

    /** Its replica identity may have gone since, and the key of a row that was not sent is not NULL. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "table public.t: DELETE: (no-tuple-data)",
                "table public.t: UPDATE: id[integer]:unchanged-toast-datum a[text]:'x' b[text]:null",
                "table public.keyless: UPDATE: a[text]:'x'"
            })
    void changeOfARowThatIsNotNamedStopsTheStream(String line) throws Exception {
        TableName keyless = new TableName("public", "keyless");
        tables.put(keyless, Relation.of(keyless, List.of("a"), new boolean[] {false}));
        decode("BEGIN 1");

        assertThatThrownBy(() -> decode(line))
                .isInstanceOf(UndecodableException.class)
                .hasMessageStartingWith("CO-2014");
    }

    @Test
    void tableThatWasAlteredIsLookedUpAgain() throws Exception {
        decode("BEGIN 1", "table public.t: INSERT: id[integer]:1 a[text]:'' b[text]:null");
        tables.put(T, Relation.of(T, List.of("id", "c"), new boolean[] {true, false}));

        assertThat(decode("table public.t: INSERT: id[integer]:1 c[text]:'x'"))
                .contains(new ChangeEvent.Insert(T, row("id", "1", "c", "x")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "something else",
                "table public.t: INSERT: id[integer]:1 a[text]:'cut",
                "table public.t: INSERT: id[integer]:1 gone[text]:''",
                "table public.t: TRUNCATE: (no-flags)",
                "table public.t: INSERT: id[integer"
            })
    void whatCannotBeReadStopsTheStream(String line) throws Exception {
        decode("BEGIN 1");

        assertThatThrownBy(() -> decode(line)).isInstanceOf(UndecodableException.class);
    }

    private List<ChangeEvent> decode(String... lines) throws Exception {
        List<ChangeEvent> events = new ArrayList<>();
        for (String line : lines) {
            decoder.decode(
                    ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), END, (event, chars) -> events.add(event));
        }
        return events;
    }

    private static Tuple row(String... columns) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            row.put(columns[i], columns[i + 1]);
        }
        return Tuple.of(row);
    }
}
