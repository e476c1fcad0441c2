package io.changeover.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * The CPU time that a PostgreSQL server has used: its first process, the children that are there, and those that are
 * gone. As Linux counts it, in steps of 10 ms.
 */
public final class ServerCpu implements LongSupplier {

    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int GONE_USER = 13;
    private static final int GONE_SYSTEM = 14;

    private final long pid;

    /**
     * That of one server.
     *
     * @param pid of its first process
     */
    public ServerCpu(long pid) {
        this.pid = pid;
    }

    /** User and system time in nanoseconds. */
    @Override
    public long getAsLong() {
        try {
            String first = read(pid, "stat");
            long ticks = own(first) + gone(first);
            for (String child : read(pid, "task/" + pid + "/children").split(" ", -1)) {
                ticks += child.isBlank() ? 0 : ticksOf(Long.parseLong(child.strip()));
            }
            return ticks * NANOS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException("The server's processes cannot be looked at", e);
        }
    }

    private static long ticksOf(long child) throws IOException {
        try {
            return own(read(child, "stat"));
        } catch (IOException e) {
            if (ProcessHandle.of(child).isPresent()) {
                throw e;
            }
            return 0; // it has just ended, the next look finds it among those that are gone
        }
    }

    private static String read(long process, String file) throws IOException {
        return Files.readString(Path.of("/proc/" + process + "/" + file), StandardCharsets.ISO_8859_1);
    }

    /**
     * Ticks of a process itself.
     *
     * @param stat the text of its {@code /proc/PID/stat}
     */
    static long own(String stat) {
        return field(stat, USER) + field(stat, SYSTEM);
    }

    /** Ticks of children that have ended and that the process has noticed. */
    static long gone(String stat) {
        return field(stat, GONE_USER) + field(stat, GONE_SYSTEM);
    }

    /** Fields are counted from the state, behind the name, which may hold anything. */
    private static long field(String stat, int number) {
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[number]);
    }
}
