package io.changeover.bench.capture;

import io.changeover.contract.ChangeEvent;
import io.changeover.wire.RecordJson;

/** Records of our change topic. */
final class ContractRows implements RowChanges {

    @Override
    public long in(byte[] value) {
        return RecordJson.scan(value).stream().filter(ContractRows::isRow).count();
    }

    private static boolean isRow(ChangeEvent event) {
        return event instanceof ChangeEvent.Insert
                || event instanceof ChangeEvent.Update
                || event instanceof ChangeEvent.Delete;
    }
}
