package io.changeover.plan;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaRole;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.schema.ExistingIndexes;
import io.changeover.schema.ReplicaIdentities;
import io.changeover.schema.Scope;
import io.changeover.sink.guard.GuardCatalog;
import io.changeover.sink.guard.Guarding;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Looks at both databases of a pair and changes nothing. */
public final class PlanReader {

    private static final String APPLICATION = "changeover plan";

    private PlanReader() {}

    /**
     * What a plan has to know of them.
     *
     * @throws SQLException if a server does not answer
     */
    public static Look look(MigrationSpec spec, DatabasePair pair, Secrets secrets) throws SQLException {
        try (Connection source = open(secrets.resolve(spec.source(), pair.source()));
                Connection target = open(secrets.resolve(spec.target(), pair.target()))) {
            boolean copies = spec.schema() == SchemaMode.COPY;
            Scope scope = Scope.read(source, pair.tables());
            List<TableName> tables =
                    UserTables.logged(source).stream().filter(scope::hasRows).toList();
            Guarding guarding = ReplicaRole.isAllowed(target) ? Guarding.REPLICA : Guarding.DDL;
            return new Look(
                    source.getMetaData().getDatabaseMajorVersion(),
                    target.getMetaData().getDatabaseMajorVersion(),
                    tables,
                    spec.replicaIdentity() == ReplicaIdentityMode.FULL_WHERE_MISSING
                            ? ReplicaIdentities.missing(source, pair.tables())
                            : List.of(),
                    guarding,
                    // what is copied acts on the target as it does on the source
                    GuardCatalog.actingNames(copies ? source : target, guarding),
                    spec.load().existingIndexes() == ExistingIndexMode.REBUILD
                            ? ExistingIndexes.droppable(target, scope::hasRows)
                            : List.of());
        }
    }

    private static Connection open(ServerSettings server) throws SQLException {
        Connection connection = Connections.open(server, APPLICATION);
        connection.setReadOnly(true);
        return connection;
    }
}
