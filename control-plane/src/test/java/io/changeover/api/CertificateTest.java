package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.access.PemPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateTest {

    @TempDir
    Path directory;

    @Test
    void aNewCertificateIsTakenAndABrokenOneIsNot() throws Exception {
        PemPair first = PemPair.in(directory);
        Certificate certificate = new Certificate(first.files());
        certificate.start();
        assertThat(served(certificate)).isEqualTo(first.certificate());

        PemPair second = PemPair.in(directory);
        touch(second, 1);
        certificate.reloadIfChanged();
        assertThat(served(certificate)).isEqualTo(second.certificate()).isNotEqualTo(first.certificate());

        Files.writeString(second.files().certificate(), "half of i");
        touch(second, 2);
        certificate.reloadIfChanged();
        assertThat(served(certificate)).isEqualTo(second.certificate());
        certificate.stop();
    }

    /** As time does between one certificate and the next. */
    private static void touch(PemPair pair, int days) throws Exception {
        Files.setLastModifiedTime(pair.files().certificate(), FileTime.from(Instant.EPOCH.plusSeconds(86_400L * days)));
    }

    private static X509Certificate served(Certificate certificate) {
        return certificate.getX509("changeover").getCertificate();
    }
}
