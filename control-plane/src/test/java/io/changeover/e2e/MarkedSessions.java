package io.changeover.e2e;

import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way to a server on which new sessions of one control plane are held up, as by a network that is cut for its host:
 * before they say their {@code application_name}, which has its epoch.
 */
final class MarkedSessions implements AutoCloseable {

    private final ServerSettings server;
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile String mark = "";

    MarkedSessions(ServerSettings server) throws IOException {
        this.server = server;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** The same role and database, this way. */
    ServerSettings of(ServerSettings direct) {
        return new ServerSettings(
                socket.getInetAddress().getHostAddress(),
                socket.getLocalPort(),
                direct.database(),
                direct.user(),
                direct.password(),
                direct.sslMode(),
                direct.sslRootCert());
    }

    /** From now on. */
    void hold(String epoch) {
        mark = "." + epoch;
    }

    /** Whether one has come. */
    boolean hasHeld() {
        return held.getCount() == 0;
    }

    /** Those that are held reach the server now. */
    void release() {
        mark = "";
        released.countDown();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> open(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void open(Socket client) {
        try {
            Socket target = new Socket(server.host(), server.port());
            threads.execute(() -> forward(target, client, false));
            forward(client, target, true);
        } catch (IOException e) {
            close(client);
        }
    }

    private void forward(Socket from, Socket to, boolean asks) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                if (asks
                        && !mark.isEmpty()
                        && new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains(mark)) {
                    held.countDown();
                    released.await();
                }
                out.write(bytes, 0, length);
            }
        } catch (IOException closed) {
            // by the other direction
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        release();
        socket.close();
        threads.shutdownNow();
    }
}
