package io.changeover.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class TimelineTest {

    private static final TableName TABLE = new TableName("public", "t");
    private static final Tuple ROW = Tuple.EMPTY;

    @Test
    void aPositionBetweenTwoTransactionsMeansTheFirst() {
        Timeline timeline = timeline();

        assertThat(timeline.changesUpTo(lsn(99))).isZero();
        assertThat(timeline.changesUpTo(lsn(100))).isEqualTo(2);
        assertThat(timeline.changesUpTo(lsn(299))).isEqualTo(2);
        assertThat(timeline.changesUpTo(lsn(300))).isEqualTo(3);
        assertThat(timeline.changesUpTo(lsn(900))).isEqualTo(3);
    }

    @Test
    void whatHasNotEndedAndWhatIsNoRowDoesNotCount() {
        Timeline timeline = timeline();
        timeline.add(new ChangeEvent.Begin(4, lsn(300)));
        timeline.add(new ChangeEvent.Delete(TABLE, ROW));

        assertThat(timeline.total()).isEqualTo(3);
    }

    private static Timeline timeline() {
        Timeline timeline = new Timeline();
        List.of(
                        new ChangeEvent.Started(lsn(1)),
                        new ChangeEvent.Begin(1, lsn(0)),
                        new ChangeEvent.Insert(TABLE, ROW),
                        new ChangeEvent.Update(TABLE, ROW, ROW),
                        new ChangeEvent.End(1, lsn(100), 0, 2),
                        new ChangeEvent.Begin(2, lsn(100)),
                        new ChangeEvent.Message("changeover", "heartbeat"),
                        new ChangeEvent.End(2, lsn(200), 0, 1),
                        new ChangeEvent.Begin(3, lsn(200)),
                        new ChangeEvent.Delete(TABLE, ROW),
                        new ChangeEvent.End(3, lsn(300), 0, 1))
                .forEach(timeline::add);
        return timeline;
    }

    private static LogSequenceNumber lsn(long position) {
        return LogSequenceNumber.valueOf(position);
    }
}
