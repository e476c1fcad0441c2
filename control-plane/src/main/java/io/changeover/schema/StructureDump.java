package io.changeover.schema;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The structure of the source as pg_dump wrote it, in one file of the work directory. The file has its name only when
 * it is complete.
 */
final class StructureDump {

    private static final String NAME = "structure.dump";
    private static final String UNFINISHED = "unfinished-";

    private final ClientPrograms programs;
    private final ServerSettings source;
    private final Path directory;

    StructureDump(ClientPrograms programs, ServerSettings source, Path directory) {
        this.programs = programs;
        this.source = source;
        this.directory = directory;
    }

    /**
     * Dumps all but some tables and views, and replaces an earlier dump. Waits for a lock of the source for a minute at
     * most.
     */
    void take(int sourceMajor, List<TableName> without) throws IOException, InterruptedException {
        int clientMajor = programs.major();
        if (clientMajor < sourceMajor) {
            throw new SchemaException("pg_dump is version " + clientMajor + " and " + source + " is version "
                    + sourceMajor + ": install pg_dump " + sourceMajor + " or newer");
        }
        Files.createDirectories(directory);
        deleteUnfinished();
        Path unfinished = Files.createTempFile(directory, UNFINISHED, ".dump");
        List<String> arguments = new ArrayList<>(List.of(
                "--format=custom",
                "--file=" + unfinished,
                "--schema-only",
                "--no-owner",
                "--no-privileges",
                "--no-publications",
                "--no-subscriptions",
                "--no-security-labels",
                "--no-tablespaces",
                "--exclude-schema=changeover",
                "--encoding=UTF8",
                "--lock-wait-timeout=60s",
                "--no-password"));
        without.forEach(table -> arguments.add("--exclude-table=" + table.quoted()));
        programs.run("pg_dump", arguments, ClientEnvironment.of(source, clientMajor));
        Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether a complete dump is there. */
    boolean isTaken() {
        return Files.exists(file());
    }

    /** What the dump holds. */
    List<ArchiveEntry> entries() throws IOException, InterruptedException {
        return ArchiveEntry.parse(
                programs.run("pg_restore", List.of("--list", "--verbose", file().toString()), Map.of()));
    }

    /**
     * The statements that make a section's objects.
     *
     * @param section {@code pre-data} or {@code post-data}
     * @param entries the objects to take
     */
    RestoreScript script(String section, List<ArchiveEntry> entries, int targetMajor)
            throws IOException, InterruptedException {
        Path list = Files.createTempFile(directory, UNFINISHED, ".list");
        try {
            Files.writeString(
                    list,
                    entries.stream().map(ArchiveEntry::line).collect(Collectors.joining("\n", "", "\n")),
                    StandardCharsets.UTF_8);
            String script = programs.run(
                    "pg_restore",
                    List.of(
                            "--section=" + section,
                            "--use-list=" + list,
                            "--no-owner",
                            "--no-privileges",
                            "--no-tablespaces",
                            "--file=-",
                            file().toString()),
                    Map.of());
            return RestoreScript.parse(script, targetMajor);
        } finally {
            Files.delete(list);
        }
    }

    private Path file() {
        return directory.resolve(NAME);
    }

    private void deleteUnfinished() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
