package io.changeover.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
