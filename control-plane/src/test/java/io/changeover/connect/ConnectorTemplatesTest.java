package io.changeover.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.migration.Names;
import io.changeover.schema.MarkerTable;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectorTemplatesTest {

    private static final Path FILES = Path.of("..", "config", "connectors");
    private static final DatabasePair PAIR = new DatabasePair("from", "to");
    private static final Names NAMES = new Names("m", "from");

    private final ConnectorTemplates templates = templates(
            server("src", "${env:S}", SslMode.DISABLE, ""), server("tgt", "${file:/p:k}", SslMode.REQUIRE, ""));

    @Test
    void everyPlaceholderIsFilledAndPasswordsStayReferences() {
        assertThat(all(templates))
                .hasSize(5)
                .allSatisfy(config ->
                        assertThat(config.toString()).doesNotContain("{{").doesNotContain("}}"));
        assertThat(templates.capture(Optional.empty())).containsEntry("database.password", "${env:S}");
        assertThat(templates.load())
                .containsEntry("source.password", "${env:S}")
                .containsEntry("target.password", "${file:/p:k}");
        assertThat(templates.sink()).containsEntry("connection.password", "${file:/p:k}");
        assertThat(templates.topicLoad().toString()).contains("${env:S}").doesNotContain("${file:/p:k}");
        assertThat(templates.topicLoadSink().toString())
                .contains("${file:/p:k}")
                .doesNotContain("${env:S}");
    }

    @Test
    void namesAreThoseOfThePair() {
        assertThat(templates.capture(Optional.empty()))
                .containsEntry("database.dbname", "from")
                .containsEntry("slot.name", NAMES.slot())
                .containsEntry("publication.name", NAMES.publication())
                .containsEntry("topic.prefix", NAMES.changeTopic());
        assertThat(templates.load())
                .containsEntry("publication.name", NAMES.publication())
                .containsEntry("progress.topic", NAMES.progressTopic());
        assertThat(templates.sink())
                .containsEntry("connection.database", "to")
                .containsEntry("topics", NAMES.changeTopic());
    }

    @Test
    void heartbeatOfAnOlderSourceIsARow() {
        assertThat(templates.capture(Optional.of(MarkerTable.heartbeat())))
                .containsEntry(
                        "heartbeat.action.query",
                        "insert into \"changeover\".\"marker\" (id, content) values (1, 'heartbeat')"
                                + " on conflict (id) do update set content = excluded.content");
        assertThat(templates.capture(Optional.empty())).doesNotContainKey("heartbeat.action.query");
    }

    @Test
    void settingThatIsEmptyIsLeftOut() {
        assertThat(templates.capture(Optional.empty()))
                .doesNotContainKeys("database.sslrootcert", "database.sslfactory");
        assertThat(all(templates))
                .allSatisfy(config -> assertThat(config.values()).doesNotContain(""));
    }

    @Test
    void rootCertificateIsGivenAndWithoutOneTheJdksAreUsed() {
        ServerSpec target = server("tgt", "${env:T}", SslMode.VERIFY_FULL, "/roots.pem");

        assertThat(templates(server("src", "${env:S}", SslMode.VERIFY_FULL, "/roots.pem"), target)
                        .capture(Optional.empty()))
                .containsEntry("database.sslmode", "verify-full")
                .containsEntry("database.sslrootcert", "/roots.pem")
                .doesNotContainKey("database.sslfactory");
        assertThat(templates(server("src", "${env:S}", SslMode.VERIFY_FULL, ""), target)
                        .capture(Optional.empty()))
                .containsEntry("database.sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
                .doesNotContainKey("database.sslrootcert");
    }

    /** A value that looks like a placeholder or a group of a regular expression stays what it is. */
    @Test
    void valuesAreNotReadAgain() {
        assertThat(templates(
                                server("$1{{slot}}", "${env:S}", SslMode.DISABLE, ""),
                                server("t", "${env:T}", SslMode.DISABLE, ""))
                        .capture(Optional.empty()))
                .containsEntry("database.hostname", "$1{{slot}}");
    }

    @Test
    void everyFileIsWhatAPersonWouldSendToConnect() throws Exception {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files).hasSize(7).allSatisfy(file -> {
                JsonNode template = new ObjectMapper().readTree(Files.readString(file));
                assertThat(template.path("name").asText()).isNotEmpty();
                assertThat(template.path("config").path("connector.class").asText())
                        .startsWith("io.changeover.");
                assertThat(Class.forName(
                                template.path("config").path("connector.class").asText()))
                        .isPublic();
            });
        }
    }

    private static List<Map<String, String>> all(ConnectorTemplates templates) {
        return List.of(
                templates.capture(Optional.empty()),
                templates.load(),
                templates.topicLoad(),
                templates.topicLoadSink(),
                templates.sink());
    }

    private static ConnectorTemplates templates(ServerSpec source, ServerSpec target) {
        return new ConnectorTemplates(
                new MigrationSpec(
                        "m",
                        source,
                        target,
                        List.of(PAIR),
                        SchemaMode.COPY,
                        RolesMode.LEAVE,
                        ReplicaIdentityMode.KEEP,
                        LoadSpec.DEFAULT,
                        CutoverSpec.DEFAULT,
                        Optional.empty()),
                PAIR);
    }

    private static ServerSpec server(String host, String password, SslMode mode, String roots) {
        return new ServerSpec(
                host, 5432, "user", password, mode, Optional.of(roots).filter(path -> !path.isEmpty()));
    }
}
