package io.changeover.bench;

import io.changeover.connect.ConnectorTemplates;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.util.List;
import java.util.Optional;

/** Our connectors' configurations as a migration makes them: by the templates in {@code config/connectors}. */
public final class Templates {

    private Templates() {}

    /** Those of a migration from one database to another, without TLS. */
    public static ConnectorTemplates of(ServerSettings source, ServerSettings target) {
        DatabasePair pair = new DatabasePair(source.database(), target.database());
        MigrationSpec spec = new MigrationSpec(
                "bench",
                server(source),
                server(target),
                List.of(pair),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                CutoverSpec.DEFAULT,
                Optional.empty());
        return new ConnectorTemplates(spec, pair);
    }

    private static ServerSpec server(ServerSettings server) {
        return new ServerSpec(
                server.host(), server.port(), server.user(), server.password(), SslMode.DISABLE, Optional.empty());
    }
}
