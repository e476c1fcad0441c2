package io.changeover.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationFileTest {

    /** The lines' numbers matter: the tests name them. */
    private static final String VALID = """
            apiVersion: changeover.io/v1alpha1
            kind: Migration
            metadata: {name: dvdrental-to-azure}
            spec:
              source:
                host: rds.example
                port: 5432
                user: changeover
                password: "${env:SOURCE_PASSWORD}"
              target:
                host: pg.example
                port: 5433
                user: co
                password: "${env:TARGET_PASSWORD}"
                sslMode: require
              databases:
                - {source: dvdrental}
                - {source: shop, target: store}
            """;

    @Test
    void aMinimalFileGetsTheDefaults() throws InvalidMigrationFile {
        MigrationSpec spec = MigrationFile.parse(VALID, "m.yaml");

        assertThat(spec.name()).isEqualTo("dvdrental-to-azure");
        assertThat(spec.source())
                .isEqualTo(new ServerSpec(
                        "rds.example",
                        5432,
                        "changeover",
                        "${env:SOURCE_PASSWORD}",
                        SslMode.VERIFY_FULL,
                        Optional.empty()));
        assertThat(spec.target().sslMode()).isEqualTo(SslMode.REQUIRE);
        assertThat(spec.databases())
                .containsExactly(new DatabasePair("dvdrental", "dvdrental"), new DatabasePair("shop", "store"));
        assertThat(spec.schema()).isEqualTo(SchemaMode.COPY);
        assertThat(spec.roles()).isEqualTo(RolesMode.LEAVE);
        assertThat(spec.replicaIdentity()).isEqualTo(ReplicaIdentityMode.KEEP);
        assertThat(spec.cutover()).isEqualTo(new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(30)));
        assertThat(spec.load()).isEqualTo(LoadSpec.DEFAULT);
        assertThat(spec.ddl()).isEqualTo(DdlSpec.DEFAULT);
        assertThat(spec.cluster()).isEmpty();
    }

    @Test
    void everyOptionalKeyIsMapped() throws InvalidMigrationFile {
        String text = VALID.replace("sslMode: require", "sslMode: verify-ca\n    sslRootCert: /certs/azure.pem") + """
                  schema: existing
                  load: {mode: topic, readers: 2, bytesPerSecond: 5000000, existingIndexes: rebuild}
                  cutover: {mode: auto, drainTimeout: 2m, maxFreeze: 40s, fence: external, idleFor: 7s, transactionAge: 1m}
                  ddl: {eventTrigger: true}
                  kafka: {bootstrapServers: "k1:9092,k2:9092"}
                  connect: {url: "http://connect:8083"}
                """;

        MigrationSpec spec = MigrationFile.parse(text, "m.yaml");

        assertThat(spec.target().sslRootCert()).contains("/certs/azure.pem");
        assertThat(spec.schema()).isEqualTo(SchemaMode.EXISTING);
        assertThat(spec.load())
                .isEqualTo(new LoadSpec(
                        LoadMode.TOPIC, Optional.of(2), Optional.of(5_000_000L), ExistingIndexMode.REBUILD));
        assertThat(spec.cutover())
                .isEqualTo(new CutoverSpec(
                        CutoverMode.AUTO,
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(40),
                        FenceMode.EXTERNAL,
                        Duration.ofSeconds(7),
                        Duration.ofMinutes(1)));
        assertThat(spec.ddl()).isEqualTo(new DdlSpec(true));
        assertThat(spec.cluster()).contains(new ClusterSpec("k1:9092,k2:9092", "http://connect:8083"));
    }

    @Test
    void tablesAreSelectedByPatterns() throws InvalidMigrationFile {
        String text = VALID.replace("{source: dvdrental}", """
                source: dvdrental
                      tables:
                        include: [public.*, '"Sales".*']
                        exclude: [public.audit_*]
                        structureOnly:
                          - public.session
                        rowsOnly: [public.country]
                """);

        assertThat(MigrationFile.parse(text, "m.yaml").databases())
                .containsExactly(
                        new DatabasePair(
                                "dvdrental",
                                "dvdrental",
                                new TableSelection(
                                        List.of("public.*", "\"Sales\".*"),
                                        List.of("public.audit_*"),
                                        List.of("public.session"),
                                        List.of("public.country"))),
                        new DatabasePair("shop", "store", TableSelection.ALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "localhost", "\"::1\""})
    void aLoopbackHostNeedsNoEncryption(String host) throws InvalidMigrationFile {
        MigrationSpec spec = MigrationFile.parse(VALID.replace("rds.example", host), "m.yaml");

        assertThat(spec.source().sslMode()).isEqualTo(SslMode.DISABLE);
    }

    @Test
    void noEncryptionToAnotherHostHasToBeWritten() throws InvalidMigrationFile {
        MigrationSpec spec = MigrationFile.parse(VALID.replace("sslMode: require", "sslMode: disable"), "m.yaml");

        assertThat(spec.target().sslMode()).isEqualTo(SslMode.DISABLE);
    }

    private static List<String> hookMistake(String hook, String message) {
        return hooksMistake(hook, "m.yaml:5: spec.hooks[0]" + message);
    }

    private static List<String> hooksMistake(String hook, String message) {
        return List.of("spec:\n", "spec:\n  hooks: [{" + hook + "}]\n", message);
    }

    @Test
    void hooksGetTheirDefaultsByWhatTheyCanStillPrevent() throws InvalidMigrationFile {
        String text = VALID + """
                  hooks:
                    - {name: pause, at: before, step: fence, command: [/etc/hooks/pause, shop], timeout: 3s}
                    - name: tell
                      at: after
                      step: completed
                      url: https://hooks.example/cutover
                      direction: rollback
                      headers: {Authorization: "${env:TOKEN}"}
                    - {name: stop, at: after, step: drain, command: [/x], onFailure: veto}
                """;

        assertThat(MigrationFile.parse(text, "m.yaml").hooks())
                .containsExactly(
                        HookSpec.command(
                                "pause",
                                HookMoment.BEFORE,
                                HookStep.FENCE,
                                List.of("/etc/hooks/pause", "shop"),
                                Duration.ofSeconds(3),
                                HookFailure.VETO),
                        new HookSpec(
                                "tell",
                                HookMoment.AFTER,
                                HookStep.COMPLETED,
                                List.of(),
                                Optional.of("https://hooks.example/cutover"),
                                Map.of("Authorization", "${env:TOKEN}"),
                                Duration.ofSeconds(10),
                                HookFailure.WARN,
                                Optional.of(HookDirection.ROLLBACK)),
                        HookSpec.command(
                                "stop",
                                HookMoment.AFTER,
                                HookStep.DRAIN,
                                List.of("/x"),
                                Duration.ofSeconds(10),
                                HookFailure.VETO));
    }

    static Stream<List<String>> mistakes() {
        return Stream.of(
                List.of(
                        "port: 5432",
                        "port: 70000",
                        "m.yaml:7: spec.source.port: must be a whole number from 1 to 65535"),
                List.of(
                        "port: 5432",
                        "port: \"5432\"",
                        "m.yaml:7: spec.source.port: must be a whole number from 1 to 65535"),
                List.of(
                        "port: 5432",
                        "prot: 5432",
                        "m.yaml:7: spec.source.prot: unknown key; did you mean port? allowed are "
                                + "host, port, user, password, sslMode, sslRootCert"),
                List.of(
                        "{source: dvdrental}",
                        "{source: dvdrental, tables: {exclude: [public.a, orders]}}",
                        "m.yaml:17: spec.databases[0].tables.exclude[1]: must be schema.table, such as public.* or"
                                + " \"Sales\".order_*"),
                List.of(
                        "{source: dvdrental}",
                        "{source: dvdrental, tables: {include: public.a}}",
                        "m.yaml:17: spec.databases[0].tables.include: must be a list"),
                List.of("port: 5432", "prot: 5432", "m.yaml:5: spec.source.port: is missing"),
                List.of(
                        "port: 5432",
                        "port: 5432\n    port: 5433",
                        "m.yaml:8: spec.source.port: the key is there twice"),
                List.of("user: changeover", "user: 17", "m.yaml:8: spec.source.user: must be text: put it in quotes"),
                List.of("user: changeover", "user: {}", "m.yaml:8: spec.source.user: must be text"),
                List.of("user: changeover", "user:", "m.yaml:8: spec.source.user: is missing"),
                List.of("user: changeover", "user: ' '", "m.yaml:8: spec.source.user: is empty"),
                List.of(
                        "sslMode: require",
                        "sslMode: verify_full",
                        "m.yaml:15: spec.target.sslMode: \"verify_full\" is none of "
                                + "its values; did you mean verify-full? allowed are disable, require, verify-ca, verify-full"),
                List.of(
                        "rds.example",
                        "jdbc:postgresql://rds/x?y",
                        "m.yaml:6: spec.source.host: must be one host name or "
                                + "address: no URL, port, list or parameters"),
                List.of(
                        "rds.example",
                        "a,b",
                        "m.yaml:6: spec.source.host: must be one host name or address: no URL, "
                                + "port, list or parameters"),
                List.of(
                        "dvdrental-to-azure",
                        "DvdRental",
                        "m.yaml:3: metadata.name: must be 1 to 40 of a-z, 0-9 and -, " + "and not begin with -"),
                List.of(
                        "dvdrental-to-azure",
                        "a".repeat(41),
                        "m.yaml:3: metadata.name: must be 1 to 40 of a-z, 0-9 and -, " + "and not begin with -"),
                List.of(
                        "{source: shop, target: store}",
                        "{source: dvdrental, target: store}",
                        "m.yaml:18: " + "spec.databases[1].source: the database dvdrental is listed twice"),
                List.of(
                        "target: store",
                        "target: dvdrental",
                        "m.yaml:18: spec.databases[1].target: two databases go to dvdrental"),
                List.of(
                        "- {source: dvdrental}",
                        "- dvdrental",
                        "m.yaml:17: spec.databases[0]: must hold keys: source, target, tables"),
                hookMistake(
                        "name: a, at: befor, step: fence, command: [/x]",
                        ".at: \"befor\" is none of its values; did you mean before? allowed are before, after"),
                hookMistake("name: a, at: before, step: fence", ": needs either 'command' or 'url'"),
                hookMistake(
                        "name: a, at: before, step: fence, command: [/x], url: 'https://h/'",
                        ": needs either 'command' or 'url'"),
                hookMistake(
                        "name: a, at: before, step: fence, command: [pause.sh]",
                        ".command: must begin with the absolute path of a program; there is no shell that would look"
                                + " for it"),
                hookMistake(
                        "name: a, at: after, step: completed, command: [/x], onFailure: veto",
                        ".onFailure: must be warn: after completed nothing can be kept from happening any more"),
                hookMistake(
                        "name: a, at: before, step: given-up, command: [/x]",
                        ".at: must be after: what a cutover is given up for is not known before"),
                hookMistake(
                        "name: a, at: before, step: fence, url: 'http://hooks.example/'",
                        ".url: must begin with https://, or with http:// and an address of this machine"),
                hookMistake(
                        "name: a, at: before, step: fence, url: 'https://hooks.example/', headers: {X-Token: s3cret}",
                        ".headers.X-Token: must be a reference such as ${env:NAME}: what stands here can be read by"
                                + " REST"),
                hookMistake(
                        "name: a, at: before, step: fence, url: 'https://hooks.example/', headers: {Host: '${env:X}'}",
                        ".headers.Host: is no header that may be set"),
                hooksMistake(
                        "name: a, at: before, step: fence, command: [/x]}, {name: a, at: after, step: fence, command:"
                                + " [/x]",
                        "m.yaml:5: spec.hooks[1].name: two hooks have the name a"),
                List.of("kind: Migration", "kind: Migrate", "m.yaml:2: kind: must be Migration"),
                List.of("v1alpha1", "v2", "m.yaml:1: apiVersion: must be changeover.io/v1alpha1"),
                List.of(
                        "${env:SOURCE_PASSWORD}",
                        "x${env:SOURCE_PASSWORD}",
                        "m.yaml:9: spec.source.password: must be one "
                                + "reference, or a password without one: the two cannot be mixed"),
                List.of(
                        "spec:\n",
                        "spec:\n  schema: cpoy\n",
                        "m.yaml:5: spec.schema: \"cpoy\" is none of its values; "
                                + "did you mean copy? allowed are copy, existing"),
                List.of(
                        "spec:\n",
                        "spec:\n  roles: coppy\n",
                        "m.yaml:5: spec.roles: \"coppy\" is none of its values; did you mean copy? allowed are leave, copy"),
                List.of(
                        "spec:\n",
                        "spec:\n  schema: existing\n  roles: copy\n",
                        "m.yaml:6: spec.roles: needs 'schema: copy': rights are granted on what Changeover makes"),
                List.of(
                        "spec:\n",
                        "spec:\n  replicaIdentity: full\n",
                        "m.yaml:5: spec.replicaIdentity: \"full\" is none of its values; "
                                + "allowed are keep, full-where-missing"),
                List.of(
                        "spec:\n",
                        "spec:\n  replicaIdentities: keep\n",
                        "m.yaml:5: spec.replicaIdentities: unknown key; did you mean replicaIdentity? allowed are "
                                + "source, target, databases, schema, roles, replicaIdentity, load, cutover, verification,"
                                + " ddl, fallback, hooks, kafka, connect"),
                List.of(
                        "spec:\n",
                        "spec:\n  cutover: {drainTimeout: 30}\n",
                        "m.yaml:5: spec.cutover.drainTimeout: must be " + "text: put it in quotes"),
                List.of(
                        "spec:\n",
                        "spec:\n  ddl: {eventTrigger: 'true'}\n",
                        "m.yaml:5: spec.ddl.eventTrigger: must be true or false"),
                List.of(
                        "spec:\n",
                        "spec:\n  cutover: {drainTimeout: 30 seconds}\n",
                        "m.yaml:5: spec.cutover.drainTimeout: "
                                + "must be a length of time with its unit, such as 30s, 5m or 500ms"),
                List.of(
                        "spec:\n",
                        "spec:\n  kafka: {bootstrapServers: 'k:9092'}\n",
                        "m.yaml:4: spec.connect: is missing"),
                List.of("spec:\n", "spec:\n  connect: {url: 'http://c:8083'}\n", "m.yaml:4: spec.kafka: is missing"),
                List.of(
                        "spec:\n",
                        "spec:\n  kafka: {bootstrapServers: k}\n  connect: {url: 'http://c:8083'}\n",
                        "m.yaml:5: " + "spec.kafka.bootstrapServers: must be host:port, several separated by commas"),
                List.of(
                        "spec:\n",
                        "spec:\n  kafka: {bootstrapServers: 'k:1'}\n  connect: {url: 'ftp://c'}\n",
                        "m.yaml:6: "
                                + "spec.connect.url: must be a URL such as http://connect:8083, without user or parameters"),
                List.of(
                        "kind: Migration",
                        "kind: 'Migration",
                        "m.yaml:19: not valid YAML: found unexpected end of stream"),
                List.of(
                        "kind: Migration",
                        "kind: &k Migration\nx: *k",
                        "m.yaml:3: x: must be written out: anchors and " + "aliases are not allowed"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsLineAndKey(List<String> mistake) {
        String text = VALID.replace(mistake.get(0), mistake.get(1));
        assertThat(text).isNotEqualTo(VALID);

        assertThat(problems(text)).contains(mistake.get(2));
    }

    @Test
    void allProblemsAreReportedInOneGoAndByLine() {
        String text = VALID.replace("port: 5432", "port: 0")
                .replace("user: co", "usr: co")
                .replace("shop", "dvdrental");

        assertThat(problems(text))
                .containsExactly(
                        "m.yaml:7: spec.source.port: must be a whole number from 1 to 65535",
                        "m.yaml:10: spec.target.user: is missing",
                        "m.yaml:13: spec.target.usr: unknown key; did you mean user? allowed are host, port, user, "
                                + "password, sslMode, sslRootCert",
                        "m.yaml:18: spec.databases[1].source: the database dvdrental is listed twice");
    }

    @Test
    void anEmptyFileIsAProblem() {
        assertThat(problems("# nothing\n")).containsExactly("m.yaml:1: the file is empty");
    }

    @Test
    void aDatabaseCannotBeMigratedOntoItself() {
        String text = VALID.replace("pg.example", "rds.example").replace("5433", "5432");

        assertThat(problems(text))
                .containsExactly("m.yaml:17: spec.databases[0]: source and target are the same database");
    }

    @Test
    void aPasswordThatCannotBeFoundIsAProblemAtItsLine() {
        Secrets secrets = new Secrets(Map.of("SOURCE_PASSWORD", "s3cret"));

        InvalidMigrationFile invalid =
                catchThrowableOfType(InvalidMigrationFile.class, () -> MigrationFile.parse(VALID, "m.yaml", secrets));

        assertThat(invalid.problems())
                .containsExactly(new Problem(
                        "m.yaml", 14, "spec.target.password", "the environment variable TARGET_PASSWORD is not set"));
    }

    @Test
    void aMissingFileIsAProblem() {
        InvalidMigrationFile invalid =
                catchThrowableOfType(InvalidMigrationFile.class, () -> MigrationFile.read(Path.of("/nowhere/m.yaml")));

        assertThat(invalid.getMessage()).isEqualTo("/nowhere/m.yaml: no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded.yaml", "rds-to-azure.yaml"})
    void theExamplesAreValid(String example) throws InvalidMigrationFile {
        MigrationSpec spec = MigrationFile.read(Path.of("../config/migrations", example));

        assertThat(spec.cluster().isPresent()).isEqualTo(example.startsWith("rds"));
        assertThat(spec.source().passwordIsLiteral()).isFalse();
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(InvalidMigrationFile.class, () -> MigrationFile.parse(text, "m.yaml"))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }
}
