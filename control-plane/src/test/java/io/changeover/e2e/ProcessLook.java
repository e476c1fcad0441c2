package io.changeover.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks again and again at the arguments and environments of processes, which everybody or the same user can read. */
final class ProcessLook implements AutoCloseable {

    /**
     * libpq's programs get passwords by their environment, and the command got one by its own. On Debian, those
     * programs are scripts first, which become the program of a server's version. The JVM starts each through a helper
     * of its own, which has the JVM's environment for that moment.
     */
    private static final Set<String> MAY_KNOW = Set.of("java", "jspawnhelper", "pg_dump", "pg_restore", "psql", "perl");

    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
    private final MigrateProcess process;
    private final Canaries canaries;

    ProcessLook(MigrateProcess process, Canaries canaries) {
        this.process = process;
        this.canaries = canaries;
        looking.scheduleWithFixedDelay(this::look, 0, 10, TimeUnit.MILLISECONDS);
    }

    private void look() {
        process.processes().forEach(each -> {
            String arguments = read(each, "cmdline");
            String environment = read(each, "environ");
            if (arguments.isEmpty() || !arguments.equals(read(each, "cmdline"))) {
                return; // it becomes another program just now: the next look tells which
            }
            String program = Path.of(arguments.replaceFirst("\\x00[\\s\\S]*", ""))
                    .getFileName()
                    .toString();
            seen.add(program);
            if (canaries.isIn(arguments)) {
                found.add("the arguments of " + program);
            }
            if (!MAY_KNOW.contains(program) && canaries.isIn(environment)) {
                found.add("the environment of " + program);
            }
        });
    }

    /** Empty for a process that has ended, or is about to become another program. */
    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** The programs that ran. */
    Set<String> seen() {
        return Set.copyOf(seen);
    }

    /** Where a canary was. */
    Set<String> found() {
        return Set.copyOf(found);
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
