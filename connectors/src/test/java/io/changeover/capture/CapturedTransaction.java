package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.MapWire;
import io.changeover.contract.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    static List<ChangeEvent> events(SourceRecord record) {
        return MapWire.decode((Map<?, ?>) record.value());
    }

    /** Without what is said again after each start of the capture, and is counted where it is said. */
    CapturedTransaction withoutDefinitions() {
        ChangeEvent.End end = end();
        long changes = end.count() - count(ChangeEvent.Definition.class);
        return new CapturedTransaction(events.stream()
                .filter(event -> !(event instanceof ChangeEvent.Definition))
                .map(event -> event == end
                        ? new ChangeEvent.End(end.xid(), end.commitLsn(), end.committedAt(), changes)
                        : event)
                .toList());
    }

    /** Changes of a kind among the events. */
    long count(Class<? extends ChangeEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    /**
     * Splits a stream up to the transaction with a marker, the last of interest: behind it a record may also hold the
     * beginning of a heartbeat's. Fails where a transaction is not whole.
     */
    static List<CapturedTransaction> split(List<SourceRecord> records, Marker last) {
        List<CapturedTransaction> transactions = new ArrayList<>();
        List<ChangeEvent> open = new ArrayList<>();
        boolean marked = false;
        for (ChangeEvent event :
                records.stream().flatMap(record -> events(record).stream()).toList()) {
            assertThat(event instanceof ChangeEvent.Begin)
                    .as("a transaction begins with Begin and with nothing else, but there is %s", event)
                    .isEqualTo(open.isEmpty());
            open.add(event);
            marked |= event instanceof ChangeEvent.Message message
                    && Marker.of(message).equals(Optional.of(last));
            if (event instanceof ChangeEvent.End) {
                transactions.add(new CapturedTransaction(open));
                open.clear();
                if (marked) {
                    return transactions;
                }
            }
        }
        throw new AssertionError("The transaction of " + last + " did not come");
    }
}
