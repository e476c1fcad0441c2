package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.sink.decode.debezium.BinaryMode;
import io.changeover.sink.decode.debezium.SourceSettings;
import io.changeover.sink.decode.debezium.TableNaming;
import io.changeover.sink.rows.RowFailureMode;
import io.changeover.sink.rows.RowSettings;
import io.changeover.sink.rows.RowSettings.InsertMode;
import io.changeover.sink.rows.RowSettings.KeyMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowConfigTest {

    /** What both JDBC sinks do without being told. */
    @Test
    void hasDefaults() {
        assertThat(RowConfig.of(with()))
                .isEqualTo(new RowConfig(
                        RecordFormat.UNTOLD,
                        new RowSettings(
                                InsertMode.INSERT,
                                KeyMode.NONE,
                                List.of(),
                                false,
                                false,
                                false,
                                new TableNaming(""),
                                SourceSettings.DEFAULT),
                        RowFailureMode.STOP));
    }

    @Test
    void mapsEveryKey() {
        Map<String, String> all = with(
                "record.format",
                "rows",
                "insert.mode",
                "upsert",
                "primary.key.mode",
                "record_key",
                "primary.key.fields",
                "a,b",
                "delete.enabled",
                "true",
                "truncate.enabled",
                "true",
                "missing.rows",
                "skip",
                "collection.name.format",
                "${topic}",
                "unavailable.value.placeholder",
                "none",
                "binary.handling.mode",
                "base64-url-safe",
                "change.failure.mode",
                "stop-table");

        assertThat(RowConfig.of(all))
                .isEqualTo(new RowConfig(
                        RecordFormat.ROWS,
                        new RowSettings(
                                InsertMode.UPSERT,
                                KeyMode.RECORD_KEY,
                                List.of("a", "b"),
                                true,
                                true,
                                true,
                                new TableNaming("${topic}"),
                                new SourceSettings("none", BinaryMode.BASE64_URL_SAFE)),
                        RowFailureMode.STOP_TABLE));
    }

    @Test
    void converterAndNumberOfTopicsTellTheFormat() {
        assertThat(RowConfig.of(with("value.converter", "io.changeover.wire.ChangeConverter"))
                        .format())
                .isEqualTo(RecordFormat.CHANGES);
        assertThat(RowConfig.of(with("topics", "a,b")).format()).isEqualTo(RecordFormat.ROWS);
        assertThat(RowConfig.of(with("topics", "", "topics.regex", "a.*")).format())
                .isEqualTo(RecordFormat.ROWS);
    }

    @Test
    void whatAChangeTopicCannotLeaveOutIsRefused() {
        assertThatThrownBy(() -> RowConfig.of(with("record.format", "changes", "delete.enabled", "false")))
                .hasMessageContaining("applied whole");
    }

    private static Map<String, String> with(String... keysAndValues) {
        Map<String, String> settings = new HashMap<>(
                Map.of("topics", "t", "connection.host", "h", "connection.database", "d", "connection.user", "u"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return settings;
    }
}
