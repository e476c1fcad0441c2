package io.changeover.bench.capture;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.contract.ChangeEvent;
import io.changeover.contract.MapWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Records of our change topic. */
final class ContractRows implements RowChanges {

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public long in(byte[] value) {
        return isRow(decode(value)) ? 1 : 0;
    }

    private ChangeEvent decode(byte[] value) {
        try {
            return MapWire.decode(json.readValue(value, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException("A record of the change topic is not readable", e);
        }
    }

    private static boolean isRow(ChangeEvent event) {
        return event instanceof ChangeEvent.Insert
                || event instanceof ChangeEvent.Update
                || event instanceof ChangeEvent.Delete;
    }
}
