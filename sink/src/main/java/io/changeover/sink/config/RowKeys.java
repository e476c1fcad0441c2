package io.changeover.sink.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** How the topics of a stock Debezium source are written; without effect on a change topic of Changeover's. */
public final class RowKeys {

    public static final String FORMAT = "record.format";
    public static final String INSERT_MODE = "insert.mode";
    public static final String KEY_MODE = "pk.mode";
    public static final String KEY_FIELDS = "pk.fields";
    public static final String DELETES = "delete.enabled";
    public static final String TRUNCATES = "truncate.enabled";
    public static final String TABLE_NAME = "table.name.format";
    public static final String MISSING_ROWS = "missing.rows";
    public static final String PLACEHOLDER = "unavailable.value.placeholder";
    public static final String BINARY = "binary.handling.mode";

    private RowKeys() {}

    static void define(ConfigDef definition) {
        KeyGroup group = new KeyGroup(definition, "Topics of a Debezium source");
        writing(group);
        keys(group);
        source(group);
    }

    private static void writing(KeyGroup group) {
        group.optional(
                        new SinkKey(FORMAT, ConfigDef.Type.STRING, Width.SHORT, "Format"),
                        "auto",
                        ValidString.in("auto", "changes", "rows"),
                        Importance.MEDIUM,
                        "What the topics hold: changes, a change topic of Changeover's, applied in whole source"
                                + " transactions; rows, topics of a stock Debezium source, one for each table. auto:"
                                + " several topics are rows, and of one the value.converter or the first record tells.")
                .optional(
                        new SinkKey(INSERT_MODE, ConfigDef.Type.STRING, Width.SHORT, "Insert mode"),
                        "insert",
                        ValidString.in("insert", "upsert", "update"),
                        Importance.MEDIUM,
                        "Rows only. What a row that is no delete does: insert, it is new; upsert, it is new or replaces"
                                + " the one with its key; update, it replaces the one with its key if there is one.")
                .optional(
                        new SinkKey(DELETES, ConfigDef.Type.BOOLEAN, Width.SHORT, "Deletes"),
                        false,
                        KeyGroup.ANYTHING,
                        Importance.MEDIUM,
                        "Rows only. Whether deletes and tombstones delete; needs pk.mode=record_key. Otherwise they are"
                                + " passed over.")
                .optional(
                        new SinkKey(TRUNCATES, ConfigDef.Type.BOOLEAN, Width.SHORT, "Truncates"),
                        false,
                        KeyGroup.ANYTHING,
                        Importance.LOW,
                        "Rows only. Whether a truncate empties the table. Otherwise it is passed over.")
                .optional(
                        new SinkKey(TABLE_NAME, ConfigDef.Type.STRING, Width.MEDIUM, "Table name"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.MEDIUM,
                        "Rows only. The table of a record, of ${topic}, ${source.schema} and ${source.table}; the last"
                                + " two parts of the result are schema and table, without a dot the schema is public."
                                + " Empty: what the record's source says, or else the topic's last two parts.");
    }

    private static void keys(KeyGroup group) {
        group.optional(
                        new SinkKey(KEY_MODE, ConfigDef.Type.STRING, Width.SHORT, "Key"),
                        "none",
                        ConfigDef.LambdaValidator.with(
                                RowKeys::requireKeyMode, () -> "[none, record_key, record_value]"),
                        Importance.MEDIUM,
                        "Rows only. Where a row's key is: none, only insert.mode=insert can do without; record_key;"
                                + " record_value, the columns in pk.fields.")
                .optional(
                        new SinkKey(KEY_FIELDS, ConfigDef.Type.LIST, Width.LONG, "Key columns"),
                        List.of(),
                        KeyGroup.ANYTHING,
                        Importance.MEDIUM,
                        "Rows only. The key's columns; empty: all fields of the key, or of the value. The target has to"
                                + " have a primary key or a unique index over exactly these.");
    }

    private static void source(KeyGroup group) {
        group.optional(
                        new SinkKey(MISSING_ROWS, ConfigDef.Type.STRING, Width.SHORT, "Missing rows"),
                        "fail",
                        ValidString.in("fail", "skip"),
                        Importance.LOW,
                        "Rows only. What to do with an update that leaves out columns (unchanged TOAST) of a row that is"
                                + " not on the target: fail stops the task; skip passes over it. After a restart the"
                                + " source sends changes again, and such a row may have been deleted since.")
                .optional(
                        new SinkKey(PLACEHOLDER, ConfigDef.Type.STRING, Width.MEDIUM, "Placeholder"),
                        "__debezium_unavailable_value",
                        new ConfigDef.NonEmptyString(),
                        Importance.LOW,
                        "Rows only. What the source sends for a value that it does not send; as its"
                                + " unavailable.value.placeholder.")
                .optional(
                        new SinkKey(BINARY, ConfigDef.Type.STRING, Width.SHORT, "Bytes"),
                        "bytes",
                        ValidString.in("bytes", "base64", "base64-url-safe", "hex"),
                        Importance.LOW,
                        "Rows only. How bytea values travel; as the source's binary.handling.mode. In JSON without"
                                + " schemas bytes are base64.");
    }

    private static void requireKeyMode(String name, Object value) {
        if ("kafka".equals(value)) {
            throw new ConfigException(
                    name,
                    value,
                    "rows named by topic, partition and offset are never the same row twice: use record_key");
        }
        ValidString.in("none", "record_key", "record_value").ensureValid(name, value);
    }
}
