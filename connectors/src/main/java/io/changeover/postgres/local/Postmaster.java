package io.changeover.postgres.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The first process of a running server, whose children serve the connections.
 *
 * @param process as the operating system knows it
 */
record Postmaster(ProcessHandle process) {

    /**
     * Starts a server.
     *
     * <p>The thread that starts it lives as long as it does: the kernel tells the server that its parent died when that
     * thread ends, not when the JVM does.
     *
     * @param name the thread's name
     * @param command the result of {@link ServerUser#serverCommand}
     * @param log the file for stdout and stderr
     */
    static Postmaster start(String name, List<String> command, Path log) {
        CompletableFuture<ProcessHandle> started = new CompletableFuture<>();
        Thread parent = new Thread(() -> liveWith(command, log, started), name);
        parent.setDaemon(true);
        parent.start();
        return new Postmaster(started.join());
    }

    private static void liveWith(List<String> command, Path log, CompletableFuture<ProcessHandle> started) {
        try {
            Process process = Command.builder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            started.complete(process.toHandle());
            process.onExit().join();
        } catch (IOException e) {
            started.completeExceptionally(e);
        }
    }

    /** The server that runs in {@code data} by its lock file, perhaps started by a JVM that is gone. */
    static Optional<Postmaster> runningIn(Path data) {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            return lines.findFirst()
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                    .filter(process -> worksIn(process, data))
                    .map(Postmaster::new);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Process numbers are used again: only a process whose working directory it is belongs to the data. */
    private static boolean worksIn(ProcessHandle process, Path data) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .equals(data.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** A fast shutdown: connections are ended, transactions rolled back. Kills what has not ended by the deadline. */
    void stop(Duration deadline) {
        List<ProcessHandle> all = all();
        signal("CONT", all);
        signal("INT", List.of(process));
        if (!awaitEnd(process, deadline)) {
            kill();
        }
    }

    /** What a power cut does to the server: SIGKILL to all of its processes. */
    void kill() {
        signal("STOP", List.of(process));
        List<ProcessHandle> all = all();
        signal("KILL", all);
        for (ProcessHandle each : all) {
            if (!awaitEnd(each, Duration.ofSeconds(10))) {
                throw new IllegalStateException("PostgreSQL's process " + each.pid() + " survived SIGKILL for 10 s");
            }
        }
    }

    /** Freezes all processes: connections stay open, nobody answers. */
    void suspend() {
        signal("STOP", List.of(process));
        signal("STOP", all());
    }

    void resume() {
        signal("CONT", all());
    }

    private List<ProcessHandle> all() {
        List<ProcessHandle> all = new ArrayList<>(List.of(process));
        process.descendants().forEach(all::add);
        return all;
    }

    private static void signal(String name, List<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", name));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        Command.succeeds(command); // a process that has just ended is none of our business
    }

    /** Waits for a process to end, or to be but an entry that nobody collects, as in a container without an init. */
    private static boolean awaitEnd(ProcessHandle process, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        do {
            try {
                process.onExit().get(100, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                if (isZombie(process)) {
                    return true;
                }
            } catch (InterruptedException e) {
                throw Command.interrupted("the end of PostgreSQL's process " + process.pid());
            } catch (ExecutionException e) {
                throw new CompletionException(e);
            }
        } while (System.nanoTime() - end < 0);
        return false;
    }

    private static boolean isZombie(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }
}
