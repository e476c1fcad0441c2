package io.changeover.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationSpecJsonTest {

    private static final MigrationSpec SPEC = new MigrationSpec(
            "shop",
            new ServerSpec("rds.example", 5432, "co", "${env:A}", SslMode.VERIFY_FULL, Optional.of("/certs/rds.pem")),
            new ServerSpec("pg.example", 5433, "co", "pa\"ss\\word", SslMode.REQUIRE, Optional.empty()),
            List.of(
                    new DatabasePair(
                            "shop",
                            "store",
                            new TableSelection(
                                    List.of("public.*"), List.of("public.a"), List.of(), List.of("x.\"y z\""))),
                    new DatabasePair("größe", "größe")),
            SchemaMode.EXISTING,
            RolesMode.LEAVE,
            ReplicaIdentityMode.FULL_WHERE_MISSING,
            new LoadSpec(LoadMode.TOPIC, Optional.of(3), Optional.of(7_000L), ExistingIndexMode.REBUILD),
            new CutoverSpec(CutoverMode.AUTO, Duration.ofMillis(90_500)),
            new VerificationSpec(VerificationMode.REQUIRED, 3, 40, Duration.ofHours(2)),
            new DdlSpec(true),
            new FallbackSpec(true),
            List.of(
                    HookSpec.command(
                            "pause",
                            HookMoment.BEFORE,
                            HookStep.FENCE,
                            List.of("/etc/hooks/pause", "two words"),
                            Duration.ofSeconds(3),
                            HookFailure.VETO),
                    new HookSpec(
                            "tell",
                            HookMoment.AFTER,
                            HookStep.COMPLETED,
                            List.of(),
                            Optional.of("https://hooks.example/x"),
                            Map.of("Authorization", "${env:TOKEN}"),
                            HookSpec.TIMEOUT,
                            HookFailure.WARN,
                            Optional.of(HookDirection.ROLLBACK))),
            Optional.of(new ClusterSpec("k:9092", "http://connect:8083")));

    @Test
    void whatIsWrittenReadsBackEqual() throws InvalidMigrationFile {
        MigrationSpec plain = new MigrationSpec(
                SPEC.name(),
                SPEC.source(),
                SPEC.target(),
                SPEC.databases(),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                CutoverSpec.DEFAULT,
                Optional.empty());

        assertThat(MigrationSpecJson.parse(MigrationSpecJson.write(SPEC))).isEqualTo(SPEC);
        assertThat(MigrationSpecJson.parse(MigrationSpecJson.write(plain))).isEqualTo(plain);
    }

    @Test
    void aSpecificationInsideAnotherRecordKeepsTheSameForm() throws Exception {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .build();

        String json = mapper.writeValueAsString(SPEC);

        assertThat(json).isEqualTo(MigrationSpecJson.write(SPEC));
        assertThat(mapper.readValue(json, MigrationSpec.class)).isEqualTo(SPEC);
    }

    @Test
    void whatWasStoredBeforeThereWasAChoiceKeepsReplicaIdentities() throws Exception {
        String stored = MigrationSpecJson.write(SPEC).replace("\"replicaIdentity\":\"full-where-missing\",", "");

        assertThat(stored).doesNotContain("replicaIdentity");
        assertThat(JsonMapper.builder()
                        .addModule(new Jdk8Module())
                        .addModule(new JavaTimeModule())
                        .build()
                        .readValue(stored, MigrationSpec.class)
                        .replicaIdentity())
                .isEqualTo(ReplicaIdentityMode.KEEP);
    }

    @Test
    void rolesArePartOfItsForm() throws Exception {
        MigrationSpec copied = MigrationSpecJson.parse(MigrationSpecJson.write(SPEC)
                .replace("\"existing\"", "\"copy\"")
                .replace("\"leave\"", "\"copy\""));

        assertThat(copied.roles()).isEqualTo(RolesMode.COPY);
        assertThat(MigrationSpecJson.parse(MigrationSpecJson.write(copied))).isEqualTo(copied);
    }

    @Test
    void whatWasStoredBeforeTablesCouldBeLeftOutHasAll() throws Exception {
        assertThat(new JsonMapper().readValue("{\"source\":\"a\",\"target\":\"b\"}", DatabasePair.class))
                .isEqualTo(new DatabasePair("a", "b", TableSelection.ALL));
    }

    @Test
    void theWordsAreThoseOfTheFile() {
        assertThat(MigrationSpecJson.write(SPEC))
                .contains(
                        "\"schema\":\"existing\"",
                        "\"mode\":\"auto\"",
                        "\"sslMode\":\"verify-full\"",
                        "\"replicaIdentity\":\"full-where-missing\"");
    }

    @Test
    void aBodyGetsTheChecksOfTheFileWithPointersForLines() {
        String body = """
                {"name": "shop", "source": {"host": "a,b", "port": 5432, "user": "co", "password": "x"},
                 "target": {"host": "pg.example", "port": "5432", "user": "co", "pasword": "y"},
                 "databases": [{"source": "shop"}, {"source": "shop", "target": 7}]}
                """;

        assertThat(problems(body))
                .containsExactlyInAnyOrder(
                        new Problem(
                                "",
                                0,
                                "/source/host",
                                "must be one host name or address: no URL, port, list or parameters"),
                        new Problem("", 0, "/target/port", "must be a whole number from 1 to 65535"),
                        new Problem("", 0, "/target/password", "is missing"),
                        new Problem(
                                "",
                                0,
                                "/target/pasword",
                                "unknown key; did you mean password? allowed are host, "
                                        + "port, user, password, sslMode, sslRootCert"),
                        new Problem("", 0, "/databases/1/source", "the database shop is listed twice"),
                        new Problem("", 0, "/databases/1/target", "must be text: put it in quotes"));
    }

    @Test
    void brokenJsonIsAProblemThatDoesNotRepeatIt() {
        assertThat(problems("{\"password\": s3cret}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("not valid JSON (line 1")
                        .doesNotContain("s3cret"));
        assertThat(problems("{\"name\": 1, \"name\": 2}").get(0).message()).startsWith("a key is there twice");
        assertThat(problems("[]").get(0).message()).startsWith("must hold keys: name");
        assertThat(problems("")).isNotEmpty();
    }

    private static List<Problem> problems(String body) {
        return catchThrowableOfType(InvalidMigrationFile.class, () -> MigrationSpecJson.parse(body))
                .problems();
    }
}
