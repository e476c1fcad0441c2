package io.changeover.postgres.local;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real PostgreSQL server on this machine: on 127.0.0.1 only, passwords by SCRAM (MD5 before PostgreSQL 10), no Unix
 * socket. The demo and the tests start it, break it and throw it away. It does not outlive the JVM that started it, not
 * even one that is killed.
 *
 * <p>States, with what leads from one to the other: <em>stopped</em> → {@link #start()} → <em>running</em> →
 * {@link #suspend()} → <em>frozen</em> → {@link #resume()} → <em>running</em>; {@link #stop()}, {@link #kill()} and
 * {@link #close()} lead from any of them to <em>stopped</em>, from where only the data of a closed server cannot be
 * started again.
 *
 * <p>Not thread-safe.
 */
public final class LocalPostgres implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    private final Path binaries;
    private final ServerUser user;
    private final ServerFiles files;
    private final Map<String, String> configuration;
    private final int port;
    private final String password;
    private final boolean keep;
    private Optional<Postmaster> postmaster = Optional.empty();

    LocalPostgres(
            Path binaries,
            ServerUser user,
            ServerFiles files,
            Map<String, String> configuration,
            int port,
            String password,
            boolean keep) {
        this.binaries = binaries;
        this.user = user;
        this.files = files;
        this.configuration = Map.copyOf(configuration);
        this.port = port;
        this.password = password;
        this.keep = keep;
    }

    /** A server of that major version, 9 for 9.6, which a jar on the class path has to hold. */
    public static LocalPostgresBuilder builder(int major) {
        return new LocalPostgresBuilder(major);
    }

    /**
     * Starts the server and waits until it answers. A server that another JVM left behind on the same data is stopped
     * first.
     *
     * @throws IllegalStateException with the end of the server's log, if it does not answer within a minute
     */
    public void start() {
        if (isRunning()) {
            throw new IllegalStateException("PostgreSQL runs already, as process " + pid());
        }
        Postmaster.runningIn(files.data()).ifPresent(leftBehind -> leftBehind.stop(STOP_DEADLINE));
        Postmaster started = Postmaster.start("postgres-" + port, user.serverCommand(command()), files.log());
        postmaster = Optional.of(started);
        try {
            awaitAnswer(started);
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    /**
     * Ends connections, rolls their transactions back and writes a checkpoint; kills the server if that takes too long.
     */
    public void stop() {
        postmaster.filter(Postmaster::isAlive).ifPresent(running -> running.stop(STOP_DEADLINE));
        postmaster = Optional.empty();
    }

    /** SIGKILL to all processes of the server, as in a crash. */
    public void kill() {
        postmaster.filter(Postmaster::isAlive).ifPresent(Postmaster::kill);
        postmaster = Optional.empty();
    }

    /** {@link #stop()} and {@link #start()}: same port, same data. */
    public void restart() {
        stop();
        start();
    }

    /** SIGSTOP to all processes: connections stay open and nobody answers, as if the network were gone. */
    public void suspend() {
        running().suspend();
    }

    /** Ends {@link #suspend()}. */
    public void resume() {
        running().resume();
    }

    /** Stops the server and deletes its directory, unless that is to be kept. */
    @Override
    public void close() {
        stop();
        if (!keep) {
            try {
                Directories.delete(files.directory());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether the server's first process is there. */
    public boolean isRunning() {
        return postmaster.filter(Postmaster::isAlive).isPresent();
    }

    /** The TCP port; the same as long as the data is kept, where nobody else took it. */
    public int port() {
        return port;
    }

    /** The process id of the server's first process. */
    public long pid() {
        return running().pid();
    }

    /** Where everything of the server is; its log is {@code server.log}. */
    public Path directory() {
        return files.directory();
    }

    /** How the superuser {@code postgres} connects. */
    public ServerSettings settings(String database) {
        return settings(database, "postgres", password);
    }

    /** How a role connects. */
    public ServerSettings settings(String database, String role, String rolePassword) {
        return new ServerSettings("127.0.0.1", port, database, role, rolePassword, "disable", Optional.empty());
    }

    private Postmaster running() {
        return postmaster
                .filter(Postmaster::isAlive)
                .orElseThrow(() -> new IllegalStateException("PostgreSQL in " + files.directory() + " does not run"));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(binaries.resolve("bin/postgres").toString());
        command.addAll(List.of("-D", files.data().toString(), "-p", String.valueOf(port)));
        command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        configuration.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    private void awaitAnswer(Postmaster started) {
        long end = System.nanoTime() + START_DEADLINE.toNanos();
        SQLException refusal = new SQLException("not tried");
        while (started.isAlive() && System.nanoTime() - end < 0) {
            try (Connection connection = Connections.open(settings("postgres"), "changeover-start")) {
                connection.isValid(1);
                return;
            } catch (SQLException e) {
                refusal = e;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
        throw new IllegalStateException(
                "PostgreSQL on port %d did not start: %s%n%s".formatted(port, refusal.getMessage(), tail()), refusal);
    }

    private String tail() {
        try {
            return Files.exists(files.log()) ? files.logTail() : "";
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }
}
