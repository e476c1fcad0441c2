package io.changeover.api;

import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.runner.ControlPlane;

/** Finds what a path names; what is not there is 404. */
record Lookup(ControlPlane controlPlane) {

    Migration migration(String name) {
        return controlPlane.migration(name).orElseThrow(() -> Problem.notFound("There is no migration " + name));
    }

    DatabaseStatus database(String migration, String database) {
        return database(migration(migration), database);
    }

    DatabaseStatus database(Migration migration, String database) {
        return migration
                .database(database)
                .orElseThrow(
                        () -> Problem.notFound("The migration " + migration.name() + " has no database " + database));
    }

    /** The pair with its numbers. */
    Views.DatabaseView view(String migration, String database) {
        Migration found = migration(migration);
        return Views.database(controlPlane, found, database(found, database));
    }
}
