package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.MapWire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** A transaction as it came out of the capture, from its Begin to its End. */
record CapturedTransaction(List<ChangeEvent> events) {

    CapturedTransaction {
        events = List.copyOf(events);
    }

    ChangeEvent.End end() {
        return (ChangeEvent.End) events.get(events.size() - 1);
    }

    long commitLsn() {
        return end().commitLsn().asLong();
    }

    static ChangeEvent event(SourceRecord record) {
        return MapWire.decode((Map<?, ?>) record.value());
    }

    /** Splits a stream; fails where a transaction is not whole. */
    static List<CapturedTransaction> split(List<SourceRecord> records) {
        List<CapturedTransaction> transactions = new ArrayList<>();
        List<ChangeEvent> open = new ArrayList<>();
        for (SourceRecord record : records) {
            ChangeEvent event = event(record);
            assertThat(event instanceof ChangeEvent.Begin)
                    .as("a transaction begins with Begin and with nothing else, but there is %s", event)
                    .isEqualTo(open.isEmpty());
            open.add(event);
            if (event instanceof ChangeEvent.End) {
                transactions.add(new CapturedTransaction(open));
                open.clear();
            }
        }
        assertThat(open).as("a transaction without its End").isEmpty();
        return transactions;
    }
}
