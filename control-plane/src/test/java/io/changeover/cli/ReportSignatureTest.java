package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportSignatureTest {

    @TempDir
    Path directory;

    private Path key = Path.of("");
    private Path publicKey = Path.of("");
    private Path report = Path.of("");

    @BeforeEach
    void sign() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        key = pem("key.pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
        publicKey = pem("public.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        report = Files.writeString(directory.resolve("report.html"), "a report: ü\n");
        Files.write(
                ReportSignature.of(report),
                ReportSignature.sign(Files.readAllBytes(report), ReportSignature.privateKey(key)));
    }

    @Test
    void whatWasSignedIsValid() {
        RunCommand verify = verify();
        assertThat(verify.exitCode()).as(verify.err()).isZero();
    }

    @Test
    void aByteMoreIsNotWhatWasSigned() throws IOException {
        Files.writeString(report, "a report: ü\n\n");
        assertThat(verify().exitCode()).isEqualTo(ExitCode.DIFFERENT);
    }

    @Test
    void aSignatureOfAnotherLengthIsNone() throws IOException {
        Files.write(ReportSignature.of(report), new byte[3]);
        assertThat(verify().exitCode()).isEqualTo(ExitCode.DIFFERENT);
    }

    @Test
    void keyThatOthersCanReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> ReportSignature.privateKey(key))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void keyOfAnotherKindIsRefused() throws Exception {
        byte[] rsa = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Path other = pem("rsa.pem", "PRIVATE KEY", rsa);
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> ReportSignature.privateKey(other)).hasMessageContaining("no Ed25519 key");
    }

    private RunCommand verify() {
        return RunCommand.run("report", "verify", report.toString(), "--public-key", publicKey.toString());
    }

    private Path pem(String name, String what, byte[] encoded) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                        + what + "-----\n");
    }
}
