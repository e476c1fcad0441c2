package io.changeover.spec;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The migration file, {@code apiVersion: changeover.io/v1alpha1}: YAML to a checked {@link MigrationSpec}. */
public final class MigrationFile {

    private static final String API_VERSION = "changeover.io/v1alpha1";
    private static final String KIND = "Migration";
    private static final String[] SPEC_KEYS = {
        "source",
        "target",
        "databases",
        "schema",
        "roles",
        "replicaIdentity",
        "load",
        "cutover",
        "verification",
        "ddl",
        "fallback",
        "hooks",
        "kafka",
        "connect"
    };

    private MigrationFile() {}

    /**
     * Reads a file without looking for its passwords, as on a machine that does not have them.
     *
     * @throws InvalidMigrationFile with every problem
     */
    public static MigrationSpec read(Path file) throws InvalidMigrationFile {
        return parse(text(file), file.toString());
    }

    /**
     * Reads a file; a reference to a password that cannot be found is a problem at its line.
     *
     * @throws InvalidMigrationFile with every problem
     */
    public static MigrationSpec read(Path file, Secrets secrets) throws InvalidMigrationFile {
        return parse(text(file), file.toString(), secrets);
    }

    /**
     * Reads a file's text without looking for its passwords.
     *
     * @param text YAML
     * @param fileName what problems call the file
     * @throws InvalidMigrationFile with every problem
     */
    public static MigrationSpec parse(String text, String fileName) throws InvalidMigrationFile {
        return parse(text, fileName, password -> Optional.empty());
    }

    /**
     * Reads a file's text; a reference to a password that cannot be found is a problem at its line.
     *
     * @param text YAML
     * @param fileName what problems call the file
     * @param secrets where passwords are
     * @throws InvalidMigrationFile with every problem
     */
    public static MigrationSpec parse(String text, String fileName, Secrets secrets) throws InvalidMigrationFile {
        return parse(text, fileName, secrets::problem);
    }

    private static MigrationSpec parse(String text, String fileName, Function<String, Optional<String>> secrets)
            throws InvalidMigrationFile {
        Problems problems = new Problems(fileName);
        Fields file = Fields.of(YamlNodes.read(text, problems), problems, "apiVersion", "kind", "metadata", "spec");
        file.text("apiVersion", written -> only(API_VERSION, written));
        file.text("kind", written -> only(KIND, written));
        SpecReader reader = new SpecReader(problems, secrets);
        String name = reader.name(file.child("metadata", "name"));
        Fields body = file.child("spec", SPEC_KEYS);
        MigrationSpec spec = reader.spec(name, body, cluster(reader, body));
        if (!problems.isEmpty()) {
            throw problems.asException();
        }
        return spec;
    }

    private static Optional<String> only(String allowed, String written) {
        return written.equals(allowed) ? Optional.empty() : Optional.of("must be " + allowed);
    }

    private static Optional<ClusterSpec> cluster(SpecReader reader, Fields body) {
        if (!body.has("kafka") && !body.has("connect")) {
            return Optional.empty();
        }
        Fields kafka = body.child("kafka", "bootstrapServers");
        Fields connect = body.child("connect", "url");
        return Optional.of(reader.cluster(kafka, "bootstrapServers", connect, "url"));
    }

    private static String text(Path file) throws InvalidMigrationFile {
        Problems problems = new Problems(file.toString());
        Place nowhere = new Place(0, "", Place.Style.DOTTED);
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            problems.add(nowhere, "no such file");
        } catch (CharacterCodingException e) {
            problems.add(nowhere, "is not text in UTF-8");
        } catch (IOException e) {
            problems.add(nowhere, "cannot be read: " + e.getMessage());
        }
        throw problems.asException();
    }
}
