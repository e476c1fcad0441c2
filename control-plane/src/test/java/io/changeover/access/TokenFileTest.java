package io.changeover.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {

    @TempDir
    Path directory;

    private final NewToken anna = NewToken.of(new Caller("anna", Role.APPROVER));
    private final NewToken grafana = NewToken.of(new Caller("grafana", Role.VIEWER));
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("tokens");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                "# people\n" + anna.line().text() + "\n\n" + grafana.line().text() + "\n");
    }

    @Test
    void aTokenIsKnownByItsDigestAlone() throws IOException {
        TokenFile tokens = TokenFile.open(file);

        assertThat(tokens.caller(anna.token())).contains(new Caller("anna", Role.APPROVER));
        assertThat(tokens.caller(grafana.token())).contains(new Caller("grafana", Role.VIEWER));
        assertThat(tokens.caller(anna.token() + "x")).isEmpty();
        assertThat(tokens.caller("")).isEmpty();
        assertThat(tokens.caller(anna.line().digest().hex())).isEmpty();
        assertThat(Files.readString(file)).doesNotContain(anna.token());
        assertThat(anna.toString()).doesNotContain(anna.token());
    }

    @Test
    void tokensAreLongAndNeverTheSame() {
        assertThat(anna.token()).matches("co_[A-Za-z0-9_-]{43}").isNotEqualTo(grafana.token());
    }

    @Test
    void whoIsRemovedFromTheFileIsNotKnownAnyMore() throws IOException {
        TokenFile tokens = TokenFile.open(file);
        NewToken rotated = NewToken.of(new Caller("anna", Role.OPERATOR));

        Files.writeString(file, rotated.line().text() + "\n");

        assertThat(tokens.caller(anna.token())).isEmpty();
        assertThat(tokens.caller(grafana.token())).isEmpty();
        assertThat(tokens.caller(rotated.token())).contains(new Caller("anna", Role.OPERATOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw--w----", "rw-----w-", "rw------x"})
    void aFileThatOthersCanReadOrWriteIsRefusedAlsoWhileItIsInUse(String mode) throws IOException {
        TokenFile tokens = TokenFile.open(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> tokens.caller(anna.token()))
                .isInstanceOf(AuthenticationUnavailable.class)
                .hasMessageContaining("chmod 600 " + file);
        assertThatThrownBy(() -> TokenFile.open(file)).isInstanceOf(AuthenticationUnavailable.class);
    }

    @Test
    void theGroupMayReadItAsInAMountedSecret() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        assertThat(TokenFile.open(file).caller(anna.token())).isPresent();
    }

    @Test
    void aWrongLineIsNamedByItsNumberAndNotRepeated() throws IOException {
        assertWrong("anna=approver", 3, "name=role:digest");
        assertWrong("anna=approver:hunter2", 3, "64 hexadecimal digits");
        assertWrong("anna=admin:" + "0".repeat(64), 3, "viewer, operator, approver");
        assertWrong("an na=viewer:" + "0".repeat(64), 3, "a name is");
        assertWrong(anna.line().text() + "\n" + anna.line().text(), 4, "twice");
    }

    private void assertWrong(String line, int number, String why) throws IOException {
        Files.writeString(file, "\n# comment\n" + line + "\n");
        assertThatThrownBy(() -> TokenFile.open(file))
                .isInstanceOf(AuthenticationUnavailable.class)
                .hasMessageContaining("line " + number + ": ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anEmptyFileAndNoneAreRefusedAtTheStart() throws IOException {
        Files.writeString(file, "# nobody\n");
        assertThatThrownBy(() -> TokenFile.open(file)).hasMessageContaining("changeover token new");
        assertThatThrownBy(() -> TokenFile.open(directory.resolve("none"))).hasMessageContaining("cannot be read");
    }
}
