package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    @Test
    void aTableIsALineBelowTheNames() {
        Views.TableView table = new Views.TableView(
                "public.a,\"b\"",
                "loading",
                1,
                2,
                3,
                4,
                Optional.of(5L),
                6,
                7,
                Optional.of("one\ntwo"),
                8,
                9,
                10,
                11,
                12);

        assertThat(Csv.tables(List.of(table)))
                .isEqualTo("table,state,rows,estimatedRows,bytes,rowsPerSecond,etaMillis,parts,partsDone,error,"
                        + "inserts,updates,deletes,truncates,pending\r\n"
                        + "\"public.a,\"\"b\"\"\",loading,1,2,3,4,5,6,7,\"one\ntwo\",8,9,10,11,12\r\n");
    }

    @Test
    void withoutTablesThereAreTheNames() {
        assertThat(Csv.tables(List.of())).startsWith("table,").endsWith("pending\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\nx"})
    void aTextIsNoFormula(String text) {
        assertThat(Csv.text(text).replace("\"", "")).startsWith("'" + text.charAt(0));
    }

    @Test
    void othersAreAsTheyAre() {
        assertThat(Csv.text("public.t")).isEqualTo("public.t");
        assertThat(Csv.text("")).isEmpty();
    }
}
