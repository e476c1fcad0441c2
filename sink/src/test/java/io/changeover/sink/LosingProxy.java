package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server on which some of its answers to COMMIT are lost, and the connection with them. */
final class LosingProxy implements AutoCloseable {

    private static final String ANSWER = "COMMIT\0";

    private final ServerSettings server;
    private final int every;
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger answers = new AtomicInteger();

    /**
     * A proxy.
     *
     * @param every which answer is lost, over all connections: 3 for each third one
     */
    LosingProxy(ServerSettings server, int every) throws IOException {
        this.server = server;
        this.every = every;
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    ServerSettings settings() {
        return new ServerSettings(
                socket.getInetAddress().getHostAddress(),
                socket.getLocalPort(),
                server.database(),
                server.user(),
                server.password(),
                server.sslMode(),
                server.sslRootCert());
    }

    /** How many answers were lost. */
    int lost() {
        return answers.get() / every;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Socket target = new Socket(server.host(), server.port());
                threads.execute(() -> forward(client, target, false));
                threads.execute(() -> forward(target, client, true));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void forward(Socket from, Socket to, boolean answer) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                if (answer && isLost(new String(bytes, 0, length, StandardCharsets.ISO_8859_1))) {
                    return;
                }
                out.write(bytes, 0, length);
                out.flush();
            }
        } catch (IOException closed) {
            // by the other direction
        }
    }

    private boolean isLost(String answer) {
        return answer.contains(ANSWER) && answers.incrementAndGet() % every == 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
