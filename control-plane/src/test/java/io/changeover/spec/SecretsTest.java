package io.changeover.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    private Path directory;

    private final Secrets secrets = new Secrets(Map.of("PASSWORD", "s3cret", "EMPTY", ""));

    @Test
    void aReferenceBecomesThePasswordOfTheSettings() {
        ServerSettings settings = secrets.resolve(server("${env:PASSWORD}"), "shop");

        assertThat(settings)
                .isEqualTo(new ServerSettings("pg", 5432, "shop", "co", "s3cret", "require", Optional.empty()));
    }

    @Test
    void filesAndDirectoriesAreRead() throws IOException {
        Path file = Files.writeString(directory.resolve("co.properties"), "target=from file\n");

        assertThat(password("${file:" + file + ":target}")).isEqualTo("from file");
        Files.writeString(directory.resolve("target"), "from directory");
        assertThat(password("${dir:" + directory + ":target}")).isEqualTo("from directory");
    }

    @Test
    void aLiteralIsTakenAsItIs() {
        assertThat(password("a$b}{:${")).isEqualTo("a$b}{:${");
        assertThat(server("a$b}{:${").passwordIsLiteral()).isTrue();
        assertThat(server("${dir:/run/secrets:co}").passwordIsLiteral()).isFalse();
    }

    @Test
    void aReferenceThatLeadsNowhereSaysWhy() throws IOException {
        Path file = Files.writeString(directory.resolve("co.properties"), "source=s3cret\n");

        assertUnresolved("${env:NO_SUCH}", "the environment variable NO_SUCH is not set");
        assertUnresolved("${file:/no/such:target}", "no such file: /no/such");
        assertUnresolved("${file:" + file + ":target}", "no key target in " + file);
        assertUnresolved("${dir:/no/such:target}", "no such directory: /no/such");
        assertUnresolved("${dir:" + directory + ":target}", "no such file: " + directory.resolve("target"));
        assertUnresolved(
                "${vault:/a:b}",
                "there is no provider \"vault\": allowed are ${env:NAME}, ${file:/path/to/file.properties:key} and "
                        + "${dir:/path/to/directory:file}");
    }

    @Test
    void anEmptyPasswordIsAProblem() {
        assertThat(secrets.problem("${env:EMPTY}")).contains("the password that it refers to is empty");
        assertThat(secrets.problem("${env:PASSWORD}")).isEmpty();
    }

    @Test
    void nothingShowsALiteralPassword() {
        ServerSpec literal = server("s3cret");

        assertThat(literal.toString()).doesNotContain("s3cret");
        assertThat(secrets.resolve(literal, "shop").toString()).doesNotContain("s3cret");
        assertThat(server("${env:PASSWORD}").toString()).contains("${env:PASSWORD}");
    }

    @Test
    void aReferenceThatLeavesItsBoundsIsNotFollowed() throws IOException {
        Path allowed = Files.createDirectory(directory.resolve("allowed"));
        Files.writeString(allowed.resolve("co.properties"), "key=inside\n");
        Path outside = Files.writeString(directory.resolve("outside.properties"), "key=outside\n");
        Secrets bounded = new Secrets(
                Map.of("DB_PASSWORD", "s3cret", "TOKEN", "t0ken"), SecretScope.of(List.of(allowed), ".*PASSWORD"));

        assertThat(resolve(bounded, "${env:DB_PASSWORD}")).isEqualTo("s3cret");
        assertThat(resolve(bounded, "${file:" + allowed + "/co.properties:key}"))
                .isEqualTo("inside");
        assertThat(resolve(bounded, "${dir:" + allowed + ":co.properties}")).contains("inside");
        for (String reference : List.of(
                "${env:TOKEN}",
                "${file:" + outside + ":key}",
                "${file:" + allowed + "/../outside.properties:key}",
                "${dir:" + directory + ":outside.properties}",
                "${dir:/:etc}",
                "${file:allowed/co.properties:key}")) {
            assertThatThrownBy(() -> resolve(bounded, reference))
                    .as(reference)
                    .isInstanceOf(UnresolvedSecret.class)
                    .hasMessageContaining("--secret-");
            assertThat(bounded.refusal(server(reference))).isPresent();
        }
    }

    /** Kafka's providers draw them by themselves, in the worker as well. */
    @Test
    void theBoundsAreThoseOfTheProvidersToo() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside.properties"), "key=outside\n");
        SecretScope nowhere = SecretScope.of(List.of(directory.resolve("not there")), "NOTHING");
        FileConfigProvider provider = new FileConfigProvider();
        provider.configure(nowhere.providers().get("file"));

        assertThat(provider.get(outside.toString()).data()).isEmpty();
        assertThat(new Secrets(Map.of(), nowhere).workerSettings())
                .containsEntry("config.providers.env.param.allowlist.pattern", "NOTHING")
                .containsEntry("config.providers.file.param.allowed.paths", "/dev/null")
                .containsEntry("config.providers.dir.param.allowed.paths", "/dev/null");
        assertThat(new Secrets(Map.of()).workerSettings()).isEmpty();
    }

    @Test
    void aMigrationsOwnReferencesAreItsBounds() {
        MigrationSpec spec = new MigrationSpec(
                "shop",
                server("${env:A.B}"),
                server("${file:/etc/co.properties:key}"),
                List.of(new DatabasePair("shop", "shop")),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                CutoverSpec.DEFAULT,
                Optional.empty());
        Secrets own = new Secrets(Map.of(), SecretScope.of(spec, directory));

        assertThat(own.refusal(server("${env:A.B}"))).isEmpty();
        assertThat(own.refusal(server("${env:AxB}"))).isPresent();
        assertThat(own.refusal(server("${file:/etc/co.properties:other}"))).isEmpty();
        assertThat(own.refusal(server("${file:/etc/shadow.properties:key}"))).isPresent();
        assertThat(own.refusal(server("${file:" + directory + "/passwords.properties:key}")))
                .isEmpty();
        assertThat(secrets.accepting(SecretScope.of(spec, directory)).refusal(server("${env:PASSWORD}")))
                .isPresent();
    }

    private static String resolve(Secrets bounded, String reference) {
        return bounded.resolve(server(reference), "shop").password();
    }

    private String password(String reference) {
        return secrets.resolve(server(reference), "shop").password();
    }

    private void assertUnresolved(String reference, String reason) {
        assertThatThrownBy(() -> password(reference))
                .isInstanceOf(UnresolvedSecret.class)
                .hasMessage(reason);
    }

    private static ServerSpec server(String password) {
        return new ServerSpec("pg", 5432, "co", password, SslMode.REQUIRE, Optional.empty());
    }
}
