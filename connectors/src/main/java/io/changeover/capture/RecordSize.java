package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.wire.RecordJson;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Long values travel in pieces, so what makes a record too large is a row of very many columns, or a producer or topic
 * with very small limits. Kafka would refuse it without a word about the row.
 */
final class RecordSize {

    /** What a record's frame in Kafka may take. */
    private static final int FRAME = 512;

    private static final int SHOWN = 64;

    private RecordSize() {}

    /**
     * Sees whether a change fits into a record.
     *
     * @throws ConnectException if not; names table, key and size
     */
    static void check(ChangeEvent event, int bytes) {
        int size = RecordJson.write(List.of(event)).length;
        if (size + FRAME > bytes) {
            throw new ConnectException("CO-2013: " + what(event) + " makes a record of " + size
                    + " bytes, and producer and topic take " + bytes
                    + ". Raise producer.override.max.request.size of the capture connector and max.message.bytes of its"
                    + " topic above that and restart it; nothing is lost");
        }
    }

    private static String what(ChangeEvent event) {
        if (event instanceof ChangeEvent.Insert insert) {
            return "a new row of table " + insert.table() + " with " + start(insert.after());
        } else if (event instanceof ChangeEvent.Update update) {
            return "a change of " + row(update.table(), update.before());
        } else if (event instanceof ChangeEvent.Delete delete) {
            return "the deletion of " + row(delete.table(), delete.before());
        }
        if (event instanceof ChangeEvent.Definition definition) {
            return "the definition of table " + definition.table();
        }
        return "a " + event.getClass().getSimpleName();
    }

    private static String row(TableName table, Tuple key) {
        return "the row of table " + table + " with " + start(key);
    }

    /** The key comes first in most tables; a whole row is not for a log. */
    private static String start(Tuple key) {
        return key.toMap().entrySet().stream()
                .findFirst()
                .map(RecordSize::shown)
                .orElse("no columns");
    }

    private static String shown(Map.Entry<String, @Nullable String> column) {
        String value = String.valueOf(column.getValue());
        return column.getKey() + " = " + (value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value);
    }
}
