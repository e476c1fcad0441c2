package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.LoadProgress;
import io.changeover.postgres.TableName;
import org.junit.jupiter.api.Test;

class LoadingTableTest {

    private final LoadingTable table = new LoadingTable();

    @Test
    void partsAddUp() {
        table.add(progress(1, 1, 10));
        table.add(progress(1, 2, 5));
        table.add(progress(1, 1, 20));

        assertThat(table.rows()).isEqualTo(25);
        assertThat(table.bytes()).isEqualTo(250);
    }

    @Test
    void whatAnEarlierBeginningSaysIsVoid() {
        table.add(progress(1, 1, 10));
        table.add(progress(1, 2, 10));
        table.add(progress(2, 1, 3));
        table.add(progress(1, 2, 11));

        assertThat(table.rows()).isEqualTo(3);
    }

    private static LoadProgress progress(int beginning, int part, long rows) {
        return new LoadProgress(new TableName("public", "t"), beginning, part, false, 100, rows, 10 * rows);
    }
}
