package io.changeover.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A process with all that it has started. Whose parent has ended is nobody's child any more, so those are found by what
 * they have inherited, where the system has a /proc that tells.
 */
final class Family {

    private static final Path PROC = Path.of("/proc");
    private static final int ROUNDS = 3;

    private final ProcessHandle head;
    private final String mark;

    /**
     * A family.
     *
     * @param mark a variable of its environment, with its value, that nobody else has
     */
    Family(ProcessHandle head, String mark) {
        this.head = head;
        this.mark = mark;
    }

    /** Ends all of it; again for those that were started meanwhile. */
    Set<ProcessHandle> end() {
        Set<ProcessHandle> ended = new LinkedHashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            Set<ProcessHandle> alive = alive();
            alive.forEach(ProcessHandle::destroyForcibly);
            ended.addAll(alive);
        }
        return ended;
    }

    private Set<ProcessHandle> alive() {
        Set<ProcessHandle> alive = new LinkedHashSet<>();
        alive.add(head);
        head.descendants().forEach(alive::add);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (isMarked(process)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(alive::add);
                }
            }
        } catch (IOException e) {
            return alive; // there is no /proc: children of children that have ended are not found
        }
        return alive;
    }

    private boolean isMarked(Path process) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + mark + "\0");
        } catch (IOException e) {
            return false; // it has ended, or is somebody else's
        }
    }
}
