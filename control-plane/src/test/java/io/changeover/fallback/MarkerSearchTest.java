package io.changeover.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class MarkerSearchTest {

    private static final Marker WANTED = new Marker("wanted");

    private final MarkerSearch search = new MarkerSearch(WANTED);

    @Test
    void endOfTheMarkersTransactionIsFoundInARecordOfSeveral() {
        search.take(0, List.of(begin(1), marker("another"), end(1, 10), begin(2), marker("wanted")));
        assertThat(search.found()).isEmpty();

        search.take(1, List.of(end(2, 20), begin(3), end(3, 30)));
        search.take(2, List.of(begin(4), marker("wanted"), end(4, 40)));

        assertThat(search.found()).contains(new MarkerSearch.Found(1, lsn(20)));
    }

    @Test
    void transactionThatIsCutOffAndSentAgainIsFoundWhereItIsWhole() {
        search.take(0, List.of(begin(2), marker("wanted")));
        search.take(1, List.of(begin(1), end(1, 10)));
        assertThat(search.found()).isEmpty();

        search.take(2, List.of(begin(2), marker("wanted"), end(2, 20)));

        assertThat(search.found()).contains(new MarkerSearch.Found(2, lsn(20)));
    }

    private static ChangeEvent begin(long xid) {
        return new ChangeEvent.Begin(xid, lsn(0));
    }

    private static ChangeEvent marker(String id) {
        return new ChangeEvent.Message(Marker.PREFIX, new Marker(id).content());
    }

    private static ChangeEvent end(long xid, long lsn) {
        return new ChangeEvent.End(xid, lsn(lsn), 0, 1);
    }

    private static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }
}
