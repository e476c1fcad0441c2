package io.changeover.faults;

import io.changeover.e2e.Api;
import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.FallbackSpec;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import io.changeover.spec.TableSelection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Everything that a migration needs, each part a process of its own: two servers, broker, worker, control plane. */
final class FaultStack implements AutoCloseable {

    private final Path passwords;
    private final Servers servers;
    private final StackDisks disks;
    private final Part broker;
    private final Part worker;
    private final Part plane;
    private final Link connect;
    private final Api api;

    private FaultStack(
            Path passwords,
            Servers servers,
            StackDisks disks,
            Part broker,
            Part worker,
            Part plane,
            Link connect,
            Api api) {
        this.passwords = passwords;
        this.servers = servers;
        this.disks = disks;
        this.broker = broker;
        this.worker = worker;
        this.plane = plane;
        this.connect = connect;
        this.api = api;
    }

    static FaultStack start(Path directory) throws IOException, SQLException {
        Path passwords = Files.writeString(directory.resolve("passwords.properties"), "both=" + Servers.PASSWORD);
        Servers servers = Servers.start(14);
        StackDisks disks = StackDisks.of(servers, directory);
        Part broker = Part.start(
                directory,
                "broker",
                disks.brokerDirectory(directory).resolve("kafka").toString());
        String bootstrap = broker.address();
        Part worker =
                Part.start(directory, "worker", directory.resolve("connect").toString(), bootstrap);
        Link connect = Link.to(URI.create(worker.address()).getPort());
        Part plane = Part.start(
                directory,
                "plane",
                directory.resolve("databases").toString(),
                bootstrap,
                "http://127.0.0.1:" + connect.port(),
                String.valueOf(freePort()));
        Api api = new Api(URI.create(plane.address()));
        return new FaultStack(passwords, servers, disks, broker, worker, plane, connect, api);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A migration of new databases that has just begun. */
    FaultyMigration migrate(CutoverSpec cutover) throws IOException, SQLException {
        Databases databases = servers.create();
        return FaultyMigration.begin(databases, api, spec(databases, cutover));
    }

    /** The same with a way back. */
    FaultyMigration migrateWithWayBack(CutoverSpec cutover) throws IOException, SQLException {
        Databases databases = servers.create();
        return FaultyMigration.begin(databases, api, spec(databases, cutover).withFallback(new FallbackSpec(true)));
    }

    private MigrationSpec spec(Databases databases, CutoverSpec cutover) {
        return new MigrationSpec(
                databases.migration(),
                server(databases.source(Servers.MIGRATOR)),
                server(databases.target(Servers.MIGRATOR)),
                List.of(new DatabasePair(databases.name(), databases.name(), TableSelection.ALL)),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                cutover,
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

    Servers servers() {
        return servers;
    }

    StackDisks disks() {
        return disks;
    }

    Part broker() {
        return broker;
    }

    Part worker() {
        return worker;
    }

    Part plane() {
        return plane;
    }

    /** From the control plane to Kafka Connect. */
    Link connect() {
        return connect;
    }

    @Override
    public void close() throws IOException {
        plane.close();
        worker.close();
        broker.close();
        connect.close();
        servers.close();
        disks.close();
    }
}
