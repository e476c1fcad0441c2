package io.changeover.bench.capture;

import io.changeover.connect.ConnectorTemplates;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our capture, configured as a migration does it: by the template {@code config/connectors/capture.json}. */
final class OursSide implements Side {

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public Map<String, String> config(ServerSettings source, String prefix, String slot) {
        ServerSpec server = new ServerSpec(
                source.host(), source.port(), source.user(), source.password(), SslMode.DISABLE, Optional.empty());
        DatabasePair pair = new DatabasePair(source.database(), source.database());
        MigrationSpec spec = new MigrationSpec(
                "bench",
                server,
                server,
                List.of(pair),
                SchemaMode.COPY,
                ReplicaIdentityMode.KEEP,
                CutoverSpec.DEFAULT,
                Optional.empty());
        Map<String, String> config = new LinkedHashMap<>(new ConnectorTemplates(spec, pair).capture(Optional.empty()));
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
