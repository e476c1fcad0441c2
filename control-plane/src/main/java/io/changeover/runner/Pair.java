package io.changeover.runner;

import io.changeover.cutover.Sides;
import io.changeover.ddl.DdlLook;
import io.changeover.leader.Tenure;
import io.changeover.migration.Names;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.schema.Scope;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

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

    static Pair of(MigrationSpec spec, DatabasePair pair, Secrets secrets, Path workDirectory) {
        Names names = new Names(spec.name(), pair.source());
        return new Pair(
                spec,
                pair,
                names,
                secrets.resolve(spec.source(), pair.source()),
                secrets.resolve(spec.target(), pair.target()),
                workDirectory.resolve(names.slot()));
    }
}
