package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.ServerSettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the servers are reached, as far as no pair of local servers shows it. */
@Timeout(60)
class ConnectionRulesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    @Test
    void port6432IsNoPlaceForAMigration() {
        assertThat(codes("shop.postgres.database.azure.com", 6432, "verify-full"))
                .containsExactly("CO-1012");
        assertThat(codes("db.example", 6432, "verify-full")).containsExactly("CO-1013");
        assertThat(codes("shop.postgres.database.azure.com", 5432, "verify-full"))
                .isEmpty();
    }

    @Test
    void whoeverAnswersIsNotBelieved() {
        assertThat(codes("db.example", 5432, "disable")).containsExactly("CO-1014");
        assertThat(codes("db.example", 5432, "require")).containsExactly("CO-1014");
        assertThat(codes("db.example", 5432, "verify-ca")).isEmpty();
        assertThat(codes("127.0.0.1", 5432, "disable")).isEmpty();
        assertThat(codes("localhost", 5432, "disable")).isEmpty();
        assertThat(codes("10.0.0.1", 5432, "disable")).containsExactly("CO-1014");
    }

    @Test
    void theEndOfACertificateIsReadFromTheServer() throws Exception {
        Instant made = Instant.now();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SSLContext context = context(10);
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> answer(socket, context));
            ServerSettings server = server("127.0.0.1", socket.getLocalPort(), "require");

            Instant expiry = ServerCertificate.expiry(server).orElseThrow();

            served.join();
            assertThat(Duration.between(made, expiry)).isBetween(Duration.ofDays(9), Duration.ofDays(11));
            assertThat(ConnectionRules.certificate(Side.SOURCE, server, Optional.of(expiry), made))
                    .extracting(Finding::code)
                    .containsExactly("CO-1015");
            assertThat(ConnectionRules.certificate(
                            Side.SOURCE, server, Optional.of(made.plus(31, ChronoUnit.DAYS)), made))
                    .isEmpty();
        }
    }

    @Test
    void aServerThatShowsNoCertificateIsNoFinding() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> refuse(socket));
            assertThat(ServerCertificate.expiry(server("127.0.0.1", port, "require")))
                    .isEmpty();
            served.join();
            socket.close();
            assertThat(ServerCertificate.expiry(server("127.0.0.1", port, "require")))
                    .isEmpty();
        }
    }

    /** A server of PostgreSQL's protocol that gets no further than its certificate. */
    private static void answer(ServerSocket socket, SSLContext context) {
        try (Socket client = socket.accept()) {
            requireSslRequest(client);
            client.getOutputStream().write('S');
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(client, "127.0.0.1", 1, true);
            tls.setUseClientMode(false);
            tls.startHandshake();
            assertThat(tls.getInputStream().read()).isEqualTo(-1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refuse(ServerSocket socket) {
        try (Socket client = socket.accept()) {
            requireSslRequest(client);
            client.getOutputStream().write('N');
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireSslRequest(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        assertThat(in.readInt()).isEqualTo(8);
        assertThat(in.readInt()).isEqualTo(80877103);
    }

    private SSLContext context(int days) throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        String.valueOf(days),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        String.valueOf(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static List<String> codes(String host, int port, String sslMode) {
        return ConnectionRules.settings(Side.TARGET, server(host, port, sslMode))
                .map(Finding::code)
                .toList();
    }

    private static ServerSettings server(String host, int port, String sslMode) {
        return new ServerSettings(host, port, "shop", "co", "pw", sslMode, Optional.empty());
    }
}
