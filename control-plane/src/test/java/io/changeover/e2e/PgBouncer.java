package io.changeover.e2e;

import static org.awaitility.Awaitility.await;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PgBouncer on loopback, and the hook of config/hooks as its operator has edited it. */
final class PgBouncer implements AutoCloseable {

    private static final Path SCRIPT = Path.of("..", "config", "hooks", "pgbouncer.sh");

    private final Path databases;
    private final int port;
    private final Process process;

    private PgBouncer(Path databases, int port, Process process) {
        this.databases = databases;
        this.port = port;
        this.process = process;
    }

    /** The program, if this machine has it. */
    static Optional<Path> program() {
        return Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one for a database.
     *
     * @param directory empty, for its files
     */
    static PgBouncer start(Path directory, ServerSettings database) throws IOException {
        int port = FreePort.any();
        Path databases = directory.resolve("databases.ini");
        Files.writeString(
                databases,
                "[databases]\n" + database.database() + " = pool_size=5 host=" + database.host() + " port="
                        + database.port() + " dbname=" + database.database() + "\n");
        Path users = Files.writeString(
                directory.resolve("users"), '"' + database.user() + "\" \"" + database.password() + "\"\n");
        Path settings = Files.writeString(
                directory.resolve("pgbouncer.ini"), """
                        %%include %s
                        [pgbouncer]
                        listen_addr = 127.0.0.1
                        listen_port = %d
                        unix_socket_dir =
                        auth_type = trust
                        auth_file = %s
                        admin_users = %s
                        pool_mode = transaction
                        ignore_startup_parameters = extra_float_digits
                        """.formatted(databases, port, users, database.user()));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString(), "-q"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody")); // it does not run as root, but becomes somebody else
        }
        command.add(settings.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        PgBouncer bouncer = new PgBouncer(databases, port, process);
        await("PgBouncer").ignoreException(SQLException.class).until(() -> {
            Databases.plain(bouncer.way(database)).close();
            return true;
        });
        return bouncer;
    }

    /** The hook's script with the settings of an operator. */
    static Path script(Path directory, Path databases, int adminPort, String adminUser) throws IOException {
        String text = Files.readString(SCRIPT)
                .replaceFirst("(?m)^ADMIN_HOST=\\S+", "ADMIN_HOST=127.0.0.1")
                .replaceFirst("(?m)^ADMIN_PORT=\\S+", "ADMIN_PORT=" + adminPort)
                .replaceFirst("(?m)^ADMIN_USER=\\S+", "ADMIN_USER=" + adminUser)
                .replaceFirst("(?m)^DATABASES=\\S+", "DATABASES=" + databases);
        Path script = Files.writeString(Files.createTempFile(directory, "pgbouncer", ".sh"), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    Path script(Path directory, String adminUser) throws IOException {
        return script(directory, databases, port, adminUser);
    }

    /** How an application reaches a database here. */
    ServerSettings way(ServerSettings database) {
        return new ServerSettings(
                "127.0.0.1",
                port,
                database.database(),
                database.user(),
                database.password(),
                database.sslMode(),
                database.sslRootCert());
    }

    String databases() throws IOException {
        return Files.readString(databases);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
    }
}
