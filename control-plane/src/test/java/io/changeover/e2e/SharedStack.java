package io.changeover.e2e;

import io.changeover.access.Access;
import io.changeover.api.ApiServer;
import io.changeover.embedded.EmbeddedKafka;
import io.changeover.hook.HookScope;
import io.changeover.kafka.KafkaCluster;
import io.changeover.postgres.ServerSettings;
import io.changeover.runner.ControlPlane;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import io.changeover.spec.TableSelection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Broker, worker, control plane and API in this JVM, for all tests that need no other. */
public final class SharedStack implements AutoCloseable {

    private final Path directory;
    private final Path passwords;
    private final EmbeddedKafka kafka;
    private Plane plane;

    private SharedStack(Path directory) throws IOException {
        this.directory = directory;
        this.passwords = Files.writeString(directory.resolve("passwords.properties"), "both=" + Servers.PASSWORD);
        Files.createDirectory(hooks());
        this.kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        this.plane = open();
    }

    /** A control plane and its API. */
    record Plane(ControlPlane controlPlane, ApiServer server, HeldClock clock) implements AutoCloseable {

        Api api() {
            return new Api(server.uri());
        }

        @Override
        public void close() {
            server.close();
            controlPlane.close();
        }
    }

    private Plane open() {
        HeldClock clock = new HeldClock();
        ControlPlane controlPlane = ControlPlane.open(
                KafkaCluster.plain(kafka.bootstrapServers(), kafka.connectUri().toString()),
                new Secrets(Map.of()),
                HookScope.of(List.of(hooks()), List.of()),
                directory.resolve("databases"),
                clock);
        ApiServer server =
                ApiServer.start(controlPlane, InetSocketAddress.createUnresolved("127.0.0.1", 0), Access.OPEN);
        return new Plane(controlPlane, server, clock);
    }

    /** The control plane that leads. */
    Plane plane() {
        return plane;
    }

    /**
     * Opens another control plane beside the one that leads, which takes over and is the one of this stack from now on.
     * The caller closes the one before.
     */
    Plane succeed() {
        plane = open();
        return plane;
    }

    static SharedStack start() throws IOException {
        return new SharedStack(Files.createTempDirectory("changeover-e2e-"));
    }

    /** Where programs lie that hooks may run. */
    public Path hooks() {
        return directory.resolve("hooks");
    }

    public Api api() {
        return plane.api();
    }

    /** Another server of the same control plane, which the caller closes. */
    public ApiServer serve(Access access) {
        return ApiServer.start(plane.controlPlane(), InetSocketAddress.createUnresolved("127.0.0.1", 0), access);
    }

    /** For tests that read or write topics of their own. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Where Connect's REST API is. */
    public URI connectUri() {
        return kafka.connectUri();
    }

    /** A migration of this pair, with a manual cutover. */
    public MigrationSpec spec(Databases databases, SchemaMode schema) {
        return spec(databases, schema, TableSelection.ALL);
    }

    /** The same of some tables. */
    public MigrationSpec spec(Databases databases, SchemaMode schema, TableSelection tables) {
        return new MigrationSpec(
                databases.migration(),
                server(databases.source(Servers.MIGRATOR)),
                server(databases.target(Servers.MIGRATOR)),
                List.of(new DatabasePair(databases.name(), databases.name(), tables)),
                schema,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(30)),
                Optional.empty());
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

    @Override
    public void close() throws IOException {
        plane.close();
        kafka.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
