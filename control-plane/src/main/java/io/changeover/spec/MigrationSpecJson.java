package io.changeover.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * The JSON form of a {@link MigrationSpec}: the body of {@code POST /migrations} and what is stored. Its keys are the
 * record's; the checks and the defaults are those of the migration file.
 */
public final class MigrationSpecJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    private static final String[] KEYS = {
        "name",
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
        "cluster"
    };

    private MigrationSpecJson() {}

    /** The JSON form, which {@link #parse(String)} reads back as an equal specification. */
    public static String write(MigrationSpec spec) {
        try {
            return MAPPER.writeValueAsString(spec);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("The specification of " + spec.name() + " could not be written", e);
        }
    }

    /**
     * Reads the JSON form without looking for its passwords.
     *
     * @throws InvalidMigrationFile with every problem; its keys are JSON pointers
     */
    public static MigrationSpec parse(String json) throws InvalidMigrationFile {
        return parse(json, password -> Optional.empty());
    }

    /**
     * Reads the JSON form; a reference to a password that cannot be found is a problem.
     *
     * @throws InvalidMigrationFile with every problem; its keys are JSON pointers
     */
    public static MigrationSpec parse(String json, Secrets secrets) throws InvalidMigrationFile {
        return parse(json, secrets::problem);
    }

    private static MigrationSpec parse(String json, Function<String, Optional<String>> secrets)
            throws InvalidMigrationFile {
        Problems problems = new Problems("");
        Fields body = Fields.of(JsonNodes.read(json, problems), problems, KEYS);
        SpecReader reader = new SpecReader(problems, secrets);
        MigrationSpec spec = reader.spec(reader.name(body), body, cluster(reader, body));
        if (!problems.isEmpty()) {
            throw problems.asException();
        }
        return spec;
    }

    private static Optional<ClusterSpec> cluster(SpecReader reader, Fields body) {
        if (!body.has("cluster")) {
            return Optional.empty();
        }
        Fields cluster = body.child("cluster", "bootstrapServers", "connectUrl");
        return Optional.of(reader.cluster(cluster, "bootstrapServers", cluster, "connectUrl"));
    }
}
