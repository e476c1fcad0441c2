package io.changeover.bench.capture;

import io.changeover.bench.Templates;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our capture, configured as a migration does it: by the template {@code config/connectors/capture.json}. */
public final class OursSide implements Side {

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public Map<String, String> config(ServerSettings source, String prefix, String slot) {
        Map<String, String> config =
                new LinkedHashMap<>(Templates.of(source, source).capture(Optional.empty()));
        config.put("topic.prefix", prefix);
        config.put("slot.name", slot);
        config.put("publication.name", CaptureSource.PUBLICATION);
        return config;
    }

    @Override
    public List<String> topics(String prefix, List<TableName> tables) {
        return List.of(prefix);
    }

    @Override
    public RowChanges rowChanges() {
        return new ContractRows();
    }
}
