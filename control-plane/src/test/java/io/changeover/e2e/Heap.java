package io.changeover.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM's collector says about its heap, in megabytes.
 *
 * @param used the most that was used, garbage included
 * @param live the most that a full collection, or a marking of everything, left
 */
record Heap(int used, int live) {

    private static final Pattern COLLECTION = Pattern.compile("Pause (\\w+).* (\\d+)M->(\\d+)M\\(\\d+M\\)");

    /** Others leave large arrays where they are, dead or alive. */
    private static final Set<String> WHOLE = Set.of("Full", "Remark");

    /** The options with which a JVM has so large a heap and writes the log that is read here. */
    static List<String> options(int megabytes, Path log) {
        return List.of("-Xmx" + megabytes + "m", "-XX:+ExitOnOutOfMemoryError", "-Xlog:gc:file=" + log);
    }

    /** Reads the log. */
    static Heap read(Path log) throws IOException {
        int used = 0;
        int live = 0;
        try (Stream<String> lines = Files.lines(log)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher collection = COLLECTION.matcher(line);
                if (collection.find()) {
                    used = Math.max(used, Integer.parseInt(collection.group(2)));
                    live = WHOLE.contains(collection.group(1))
                            ? Math.max(live, Integer.parseInt(collection.group(3)))
                            : live;
                }
            }
        }
        return new Heap(used, live);
    }
}
