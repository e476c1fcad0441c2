package io.changeover.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that sends back what it gets. */
@Timeout(60)
class DelayProxyTest {

    private static final Duration ONE_WAY = Duration.ofMillis(40);

    private ServerSocket server;

    @BeforeEach
    void serve() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::sendBack, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void anAnswerTakesTwiceTheDelayLonger() throws IOException {
        try (DelayProxy proxy = DelayProxy.start(server.getLocalPort(), ONE_WAY);
                Socket client = connect(proxy)) {
            long began = System.nanoTime();
            client.getOutputStream().write(7);
            int answer = client.getInputStream().read();

            assertThat(answer).isEqualTo(7);
            assertThat(System.nanoTime() - began)
                    .isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(2).toNanos());
        }
    }

    @Test
    void whatIsSentWithoutWaitingIsDelayedOnce() throws IOException {
        try (DelayProxy proxy = DelayProxy.start(server.getLocalPort(), ONE_WAY);
                Socket client = connect(proxy)) {
            int writes = 1000;
            client.setTcpNoDelay(true);
            long began = System.nanoTime();
            for (int i = 0; i < writes; i++) {
                client.getOutputStream().write(new byte[] {(byte) i});
            }
            byte[] answer = client.getInputStream().readNBytes(writes);

            for (int i = 0; i < writes; i++) {
                assertThat(answer[i]).isEqualTo((byte) i);
            }
            // one after the other they would take 80 s
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void theEndOfOneDirectionLeavesTheOtherOpen() throws IOException {
        try (DelayProxy proxy = DelayProxy.start(server.getLocalPort(), ONE_WAY);
                Socket client = connect(proxy)) {
            client.getOutputStream().write(new byte[] {1, 2, 3});
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void whenItIsClosedConnectionsEnd() throws IOException {
        DelayProxy proxy = DelayProxy.start(server.getLocalPort(), ONE_WAY);
        try (Socket client = connect(proxy)) {
            client.getOutputStream().write(7);
            int before = client.getInputStream().read();
            proxy.close();

            assertThat(before).isEqualTo(7);
            assertThat(endOf(client)).isTrue();
        }
    }

    @Test
    void withoutAServerTheConnectionEnds() throws IOException {
        server.close();
        try (DelayProxy proxy = DelayProxy.start(server.getLocalPort(), ONE_WAY);
                Socket client = connect(proxy)) {
            assertThat(endOf(client)).isTrue();
        }
    }

    private static Socket connect(DelayProxy proxy) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static boolean endOf(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (IOException e) {
            return true; // a reset
        }
    }

    private void sendBack() {
        while (!server.isClosed()) {
            try (Socket client = server.accept();
                    InputStream in = client.getInputStream()) {
                in.transferTo(client.getOutputStream());
            } catch (IOException e) {
                // the client or the server is closed
            }
        }
    }
}
