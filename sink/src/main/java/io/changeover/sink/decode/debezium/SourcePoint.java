package io.changeover.sink.decode.debezium;

import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Where a record says that its change is in the source's log, for people who look for it there.
 *
 * @param lsn of the change itself, not of its commit; 0 if the record does not tell
 * @param xid of its transaction; 0 if the record does not tell
 */
public record SourcePoint(long lsn, long xid) {

    /** Reads {@code source} of an envelope, or the fields that ExtractNewRecordState adds on request. */
    public static SourcePoint of(SinkRecord record) {
        SchemaAndValue value = new SchemaAndValue(record.valueSchema(), record.value());
        SchemaAndValue source = Fields.of(value, "source");
        return new SourcePoint(
                first(Fields.of(source, "lsn"), Fields.of(value, "__lsn"), Fields.of(value, "__source_lsn")),
                first(Fields.of(source, "txId"), Fields.of(value, "__txId"), Fields.of(value, "__source_txId")));
    }

    private static long first(SchemaAndValue... values) {
        for (SchemaAndValue each : values) {
            if (each.value() instanceof Number number) {
                return number.longValue();
            }
        }
        return 0;
    }
}
