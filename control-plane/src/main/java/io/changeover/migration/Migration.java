package io.changeover.migration;

import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ServerSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A migration: what was asked for, and where each database pair is. Immutable; its JSON form is what the state topic
 * holds, under the migration's name.
 */
public record Migration(MigrationSpec spec, List<DatabaseStatus> databases) {

    public Migration {
        databases = List.copyOf(databases);
    }

    /** A migration that nothing was done for. */
    public static Migration created(MigrationSpec spec, Instant now) {
        return new Migration(
                spec,
                spec.databases().stream()
                        .map(pair -> DatabaseStatus.created(pair, now))
                        .toList());
    }

    public String name() {
        return spec.name();
    }

    /**
     * The same with what may be changed of a migration that has begun: how it cuts over, where passwords are, until the
     * cutover whether there is a way back, and, until a database's structure is there, what happens to roles, and until
     * a publication is there, what happens to tables that cannot be published.
     *
     * @throws IllegalArgumentException if something else is different; the message names it
     */
    public Migration changed(MigrationSpec wanted) {
        require("spec.source", server(spec.source()), server(wanted.source()));
        require("spec.target", server(spec.target()), server(wanted.target()));
        require("spec.databases", spec.databases(), wanted.databases());
        require("spec.schema", spec.schema(), wanted.schema());
        if (databases.stream().anyMatch(status -> status.done().contains(Step.STRUCTURE))) {
            require("spec.roles", spec.roles(), wanted.roles());
        }
        if (databases.stream().anyMatch(status -> status.done().contains(Step.PUBLICATION))) {
            require("spec.replicaIdentity", spec.replicaIdentity(), wanted.replicaIdentity());
        }
        require("spec.load", spec.load(), wanted.load());
        require("spec.kafka and spec.connect", spec.cluster(), wanted.cluster());
        if (databases.stream()
                .anyMatch(
                        status -> status.fallback().isPresent() || status.done().contains(Step.CUTOVER))) {
            require("spec.fallback", spec.fallback(), wanted.fallback());
        }
        return new Migration(wanted, databases);
    }

    private static ServerSpec server(ServerSpec server) {
        return server.withPassword("");
    }

    private void require(String what, Object before, Object now) {
        if (!before.equals(now)) {
            throw new IllegalArgumentException("The migration " + name() + " has begun with another " + what
                    + ": give the new one another name, or put back what was there");
        }
    }

    /** The pair with this source database. */
    public Optional<DatabaseStatus> database(String source) {
        return databases.stream()
                .filter(status -> status.pair().source().equals(source))
                .findFirst();
    }

    /** The same with one pair changed. */
    public Migration with(DatabasePair pair, UnaryOperator<DatabaseStatus> change) {
        return new Migration(
                spec,
                databases.stream()
                        .map(status -> status.pair().equals(pair) ? change.apply(status) : status)
                        .toList());
    }
}
