package io.changeover.bench.migration;

import io.changeover.bench.Condition;
import io.changeover.bench.Parts;
import io.changeover.embedded.EmbeddedKafka;
import io.changeover.kafka.KafkaCluster;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Wish;
import io.changeover.postgres.ServerSettings;
import io.changeover.runner.ControlPlane;
import io.changeover.runner.Cutovers;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.SecretScope;
import io.changeover.spec.Secrets;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import io.changeover.spec.VerificationSpec;
import io.changeover.verify.live.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Migrations between two servers, with broker, worker and control plane in this JVM as {@code changeover migrate} has
 * them. Each is of one database, and has its name.
 */
final class BenchMigration {

    private static final String WHO = "bench";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final MigrationServers servers;
    private final Path passwords;
    private final ControlPlane control;

    private BenchMigration(MigrationServers servers, Path passwords, ControlPlane control) {
        this.servers = servers;
        this.passwords = passwords;
        this.control = control;
    }

    /**
     * Starts broker, worker and control plane.
     *
     * @param directory for what they keep
     * @param parts get them
     */
    static BenchMigration start(MigrationServers servers, Path directory, Parts parts) throws IOException {
        Path passwords = Files.createDirectories(directory.resolve("secrets")).resolve("passwords.properties");
        ServerSettings any = servers.source("postgres", MigrationServers.MIGRATOR);
        Files.writeString(passwords, "both=" + any.password() + "\n");
        Secrets secrets = new Secrets(Map.of(), SecretScope.of(List.of(passwords.getParent()), "none"));
        EmbeddedKafka kafka = parts.add(EmbeddedKafka.start(directory.resolve("kafka"), secrets.workerSettings()));
        ControlPlane control = parts.add(ControlPlane.open(
                KafkaCluster.plain(
                        kafka.bootstrapServers(), kafka.connectUri().toString().replaceAll("/+$", "")),
                secrets,
                directory.resolve("databases"),
                Clock.systemUTC()));
        return new BenchMigration(servers, passwords, control);
    }

    /** Begins the migration of a database that is on both servers. */
    void begin(String database, VerificationSpec verification) {
        MigrationSpec spec = new MigrationSpec(
                        database,
                        server(servers.source(database, MigrationServers.MIGRATOR)),
                        server(servers.target(database, MigrationServers.MIGRATOR)),
                        List.of(pair(database)),
                        SchemaMode.COPY,
                        RolesMode.LEAVE,
                        ReplicaIdentityMode.KEEP,
                        LoadSpec.DEFAULT,
                        CutoverSpec.DEFAULT,
                        Optional.empty())
                .withVerification(verification);
        if (!control.create(WHO, spec)) {
            throw new IllegalStateException("There is a migration " + database + " already");
        }
        control.start(WHO, database);
    }

    private ServerSpec server(ServerSettings settings) {
        return new ServerSpec(
                settings.host(),
                settings.port(),
                settings.user(),
                "${file:" + passwords + ":both}",
                SslMode.DISABLE,
                Optional.empty());
    }

    static DatabasePair pair(String database) {
        return new DatabasePair(database, database);
    }

    DatabaseStatus status(String database) {
        return control.migration(database)
                .flatMap(migration -> migration.database(database))
                .orElseThrow(() -> new IllegalStateException("There is no migration " + database));
    }

    /** Waits until a migration is there; fails if it does not get there. */
    void await(String database, DatabaseState state) throws Exception {
        await(database + " is " + state, () -> {
            DatabaseStatus status = status(database);
            if (status.state() == DatabaseState.FAILED) {
                throw new IllegalStateException(
                        database + " failed: " + status.reason().orElse("?"));
            }
            return status.state() == state;
        });
    }

    /** Waits for a condition, looking often. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        Condition.await(what, PATIENCE, LOOK_EVERY, condition);
    }

    /** Asks for the cutover until nothing is in the way of it. */
    void cutOver(String database) throws Exception {
        await(
                "nothing is in the way of the cutover of " + database,
                () -> control.cutovers()
                        .request(WHO, database, Optional.of(database), Cutovers.Time.NOW)
                        .isEmpty());
    }

    /** Verifies by that from now on. */
    void change(String database, VerificationSpec verification) {
        control.change(WHO, control.migration(database).orElseThrow().spec().withVerification(verification));
    }

    /** Has all tables verified, and waits until that is done. */
    void verify(String database) throws Exception {
        Optional<String> refusal = control.requestVerification(WHO, database, pair(database), Optional.empty());
        if (refusal.isPresent()) {
            throw new IllegalStateException(database + " is not verified: " + refusal.get());
        }
        await(
                "all of " + database + " is verified",
                () -> !verification(database).isUnderWay());
    }

    Verification verification(String database) {
        return control.verification(database, pair(database)).orElseThrow();
    }

    /** Removes a migration and all that it made, as soon as that may be. */
    void remove(String database, Wish how) throws Exception {
        await(
                how + " of " + database + " may be asked for",
                () -> control.request(WHO, database, Optional.empty(), how).isEmpty());
        await(
                "nothing is left of " + database,
                () -> control.delete(WHO, database).isEmpty());
    }
}
