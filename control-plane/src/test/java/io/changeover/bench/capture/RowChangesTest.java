package io.changeover.bench.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.wire.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class RowChangesTest {

    private static final TableName TABLE = new TableName("public", "t");
    private static final Tuple ROW = Tuple.of(Map.of("op", "c"));

    @Test
    void rowsOfTheContractCountAndTheirTransactionsDoNot() {
        assertThat(ours(
                        new ChangeEvent.Begin(7, LogSequenceNumber.valueOf(6)),
                        new ChangeEvent.Insert(TABLE, ROW),
                        new ChangeEvent.Update(TABLE, ROW, ROW),
                        new ChangeEvent.Delete(TABLE, ROW),
                        new ChangeEvent.Message("changeover", "heartbeat"),
                        new ChangeEvent.End(7, LogSequenceNumber.valueOf(8), 9, 4)))
                .isEqualTo(3);
    }

    private static long ours(ChangeEvent... events) {
        return new ContractRows().in(RecordJson.write(List.of(events)));
    }

    @Test
    void rowsOfAnEnvelopeCountAndItsMessagesDoNot() {
        assertThat(stock("c")).isEqualTo(1);
        assertThat(stock("u")).isEqualTo(1);
        assertThat(stock("d")).isEqualTo(1);
        assertThat(stock("m")).isZero();
        assertThat(stock("t")).isZero();
        assertThat(new EnvelopeRows().in("{}".getBytes(StandardCharsets.UTF_8))).isZero();
    }

    /** As Debezium orders the fields, with a column of the same name and text that looks like the field. */
    private static long stock(String operation) {
        String record = """
                {"schema":{"fields":[{"field":"op","type":"string"}]},"payload":{"before":null,\
                "after":{"op":"c","x":"\\"op\\":\\"c\\""},"source":{"table":"t"},"op":"%s","ts_ms":1}}""".formatted(operation);
        return new EnvelopeRows().in(record.getBytes(StandardCharsets.UTF_8));
    }
}
