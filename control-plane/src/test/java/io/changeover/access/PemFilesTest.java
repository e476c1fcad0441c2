package io.changeover.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesTest {

    private static final char[] PASSWORD = "any".toCharArray();

    @TempDir
    Path directory;

    @Test
    void certificateAndKeyAreReadTogether() throws Exception {
        PemPair pair = PemPair.in(directory);

        assertThat(pair.files().read(PASSWORD).getCertificate("changeover")).isEqualTo(pair.certificate());
        assertThat(pair.files().read(PASSWORD).getKey("changeover", PASSWORD)).isNotNull();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        PemPair first = PemPair.in(directory);
        Path key = Files.copy(first.files().key(), directory.resolve("first.key"));
        PemPair second = PemPair.in(directory);

        assertThatThrownBy(() -> new PemFiles(second.files().certificate(), key).read(PASSWORD))
                .hasMessageContaining("is not that of the certificate");
    }

    @Test
    void whatCannotBeUsedIsToldWithTheFileAndNothingOfTheKey() throws Exception {
        PemPair pair = PemPair.in(directory);
        Path key = pair.files().key();
        String secret = Files.readAllLines(key).get(1);

        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertThatThrownBy(() -> pair.files().read(PASSWORD))
                .hasMessageContaining("openssl pkcs8")
                .hasMessageContaining(key.toString())
                .hasMessageNotContaining(secret);
        assertThatThrownBy(() -> new PemFiles(key, key).read(PASSWORD)).hasMessageContaining(key.toString());
        assertThatThrownBy(() -> new PemFiles(directory.resolve("none"), key).read(PASSWORD))
                .hasMessageContaining("none");
    }
}
