package io.changeover.runner;

import io.changeover.cutover.Sides;
import io.changeover.ddl.DdlLook;
import io.changeover.leader.Tenure;
import io.changeover.migration.Names;
import io.changeover.migration.Side;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.schema.Scope;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.UnresolvedSecret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * A database pair with all that is needed to reach it.
 *
 * @param spec the migration
 * @param pair the databases
 * @param names what belongs to the pair
 * @param source settings with the password resolved
 * @param target settings with the password resolved
 * @param workDirectory for files of this pair
 */
record Pair(
        MigrationSpec spec,
        DatabasePair pair,
        Names names,
        ServerSettings source,
        ServerSettings target,
        Path workDirectory) {

    /** The same, and its sessions are those of a leader: none is let in when another control plane leads. */
    Pair led(Tenure tenure) {
        return new Pair(spec, pair, names, tenure.source(), tenure.target(), workDirectory);
    }

    /** What a cutover is between. */
    Sides sides() {
        return new Sides(source, target, names, pair.tables());
    }

    /** How its tables are looked at. */
    DdlLook definitions() {
        return new DdlLook(names.publication(), pair.tables(), spec.schema() == SchemaMode.COPY);
    }

    /** Why a table is not part of the migration, if the migration file leaves out its rows. */
    Optional<String> leftOut(TableName table) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-control")) {
            return Scope.read(connection, pair.tables()).hasRows(table)
                    ? Optional.empty()
                    : Optional.of("The migration file leaves out the rows of " + table + ", or the source does not"
                            + " have the table");
        }
    }

    /** The same pair with its sides exchanged, under the names of the stream back. */
    Pair back() {
        return new Pair(
                spec.back(pair),
                pair.exchanged(),
                names.back(),
                /* source= */ target,
                /* target= */ source,
                workDirectory.resolve("back"));
    }

    static Pair of(MigrationSpec spec, DatabasePair pair, Secrets secrets, Path workDirectory) {
        return of(spec, pair, secrets, workDirectory, Set.of());
    }

    /** The same, also where nobody has the passwords of servers that are gone any more. */
    static Pair of(MigrationSpec spec, DatabasePair pair, Secrets secrets, Path workDirectory, Set<Side> gone) {
        Names names = new Names(spec.name(), pair.source());
        return new Pair(
                spec,
                pair,
                names,
                settings(spec.source(), pair.source(), secrets, gone.contains(Side.SOURCE)),
                settings(spec.target(), pair.target(), secrets, gone.contains(Side.TARGET)),
                workDirectory.resolve(names.slot()));
    }

    private static ServerSettings settings(ServerSpec server, String database, Secrets secrets, boolean isGone) {
        try {
            return secrets.resolve(server, database);
        } catch (UnresolvedSecret e) {
            if (!isGone) {
                throw e;
            }
            return new ServerSettings(
                    server.host(),
                    server.port(),
                    database,
                    server.user(),
                    "",
                    server.sslMode().word(),
                    server.sslRootCert());
        }
    }
}
