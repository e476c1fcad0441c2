package io.changeover.runner;

import io.changeover.migration.Names;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import java.nio.file.Path;

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
