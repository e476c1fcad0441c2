package io.changeover.sink;

import io.changeover.contract.ChangeRecord;
import io.changeover.sink.config.RowKeys;
import io.changeover.sink.config.TopicKeys;
import io.changeover.wire.ChangeConverter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.sink.SinkRecord;

/** What the topics hold. */
enum RecordFormat {
    /** One change topic of Changeover's: whole source transactions in one order. */
    CHANGES,
    /** Topics of a stock Debezium source: rows, each topic in an order of its own. */
    ROWS,
    /** The first record tells. */
    UNTOLD;

    static RecordFormat of(AbstractConfig config) {
        String format = config.getString(RowKeys.FORMAT);
        if (!"auto".equals(format)) {
            return valueOf(format.toUpperCase(Locale.ROOT));
        }
        List<String> topics = config.getList(TopicKeys.TOPICS);
        Object converter = config.originals().get("value.converter");
        if (topics.size() != 1) {
            return ROWS;
        }
        return ChangeConverter.class.getName().equals(converter) ? CHANGES : UNTOLD;
    }

    static RecordFormat of(SinkRecord record) {
        boolean isOurs = record.value() instanceof ChangeRecord
                || (record.valueSchema() == null
                        && record.value() instanceof Map<?, ?> map
                        && map.size() == 1
                        && map.containsKey("events"));
        return isOurs ? CHANGES : ROWS;
    }
}
