package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.changeover.api.Json;
import io.changeover.api.Views;
import org.junit.jupiter.api.Test;

/** What people read while they wait for the full load. */
class LoadTextTest {

    @Test
    void rowsWithTheirRateAndTheTimeThatIsLeft() throws Exception {
        assertThat(LoadText.of(view("FULL_LOAD", """
                        "tablesTotal": 8, "tablesDone": 3, "rows": 1000000, "estimatedRows": 3000000, "bytes": 70000000,
                        "rowsPerSecond": 402000, "bytesPerSecond": 24000000, "etaMillis": 65000,
                        "indexes": {"total": 0, "done": 0, "building": []}""")))
                .contains("loading [#######-----------------] 33 %, 3 of 8 tables, 402,000 rows/s, 24.0 MB/s,"
                        + " about 1 min 05 s left");
    }

    @Test
    void anEstimateThatIsTooLowIsNoMoreThanAll() throws Exception {
        assertThat(LoadText.of(view("FULL_LOAD", """
                        "tablesTotal": 2, "tablesDone": 1, "rows": 50, "estimatedRows": 10, "bytes": 7,
                        "rowsPerSecond": 0, "bytesPerSecond": 0, "indexes": {"total": 0, "done": 0, "building": []}""")))
                .contains("loading [########################] 100 %, 1 of 2 tables, 0 rows/s, 0 B/s");
    }

    @Test
    void thenKeysAndIndexesInTheServersWords() throws Exception {
        assertThat(LoadText.of(view("FULL_LOAD", """
                        "tablesTotal": 2, "tablesDone": 2, "rows": 50, "estimatedRows": 10, "bytes": 7,
                        "rowsPerSecond": 0, "bytesPerSecond": 0, "indexes": {"total": 4, "done": 1, "building": [
                        {"table": "public.a", "phase": "building index: scanning table", "percent": 40},
                        {"table": "public.b", "phase": "initializing"}]}""")))
                .contains("making keys and indexes [######------------------] 25 %, 1 of 4:"
                        + " public.a building index: scanning table 40 %; public.b initializing");
    }

    @Test
    void nothingAtOtherTimes() throws Exception {
        assertThat(LoadText.of(view("CATCHING_UP", """
                        "tablesTotal": 2, "tablesDone": 2, "rows": 50, "estimatedRows": 10, "bytes": 7,
                        "rowsPerSecond": 0, "bytesPerSecond": 0, "indexes": {"total": 0, "done": 0, "building": []}"""))).isEmpty();
    }

    private static Views.DatabaseView view(String state, String load) throws JsonProcessingException {
        return Json.mapper().readValue("""
                        {"migration": "m", "source": "a", "target": "b", "state": "%s", "since": "2026-01-01T00:00:00Z",
                         "fullLoad": {%s},
                         "incrementalSync": {"inserts": 0, "updates": 0, "deletes": 0, "truncates": 0, "transactions": 0},
                         "warnings": [], "quarantine": [], "cutover": {"ready": false, "requested": false,
                         "blockers": []}, "cleanedUp": false, "timeline": []}""".formatted(state, load), Views.DatabaseView.class);
    }
}
