package io.changeover.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a server on this machine as a long way would: every byte arrives later, by the same time
 * in both directions, and no fewer bytes arrive per second. An end of a direction arrives late, too.
 */
public final class DelayProxy implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 << 10;
    /** What is under way in one direction at most, in chunks; at 10 ms no limit that a machine could reach. */
    private static final int UNDER_WAY = 4096;

    /**
     * Bytes on their way.
     *
     * @param due when they arrive, as {@link System#nanoTime()} says
     * @param bytes none at the end of the direction
     */
    private record Chunk(long due, ByteBuffer bytes) {}

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final long delayNanos;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private DelayProxy(ServerSocket listener, InetSocketAddress server, Duration delay) {
        this.listener = listener;
        this.server = server;
        this.delayNanos = delay.toNanos();
    }

    /**
     * Begins to listen on a free port of 127.0.0.1.
     *
     * @param serverPort of the server on 127.0.0.1
     * @param delay of each direction: half of what a round trip takes longer
     */
    public static DelayProxy start(int serverPort, Duration delay) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        DelayProxy proxy =
                new DelayProxy(new ServerSocket(0, 50, loopback), new InetSocketAddress(loopback, serverPort), delay);
        thread("delay-proxy", proxy::accept);
        return proxy;
    }

    /** Where clients connect. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                join(keep(listener.accept()));
            } catch (IOException e) {
                // closed, or a client that has gone: the next one is another's
            }
        }
    }

    private void join(Socket client) throws IOException {
        Socket toServer = keep(new Socket());
        try {
            toServer.connect(server);
        } catch (IOException e) {
            end(client, toServer);
            throw e;
        }
        carry(client, toServer);
        carry(toServer, client);
    }

    private Socket keep(Socket socket) throws IOException {
        sockets.add(socket);
        if (closed) {
            end(socket, socket);
            throw new IOException("The proxy is closed");
        }
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(UNDER_WAY);
        thread("delay-proxy-read", () -> read(from, to, underWay));
        thread("delay-proxy-write", () -> write(from, to, underWay));
    }

    private void read(Socket from, Socket to, BlockingQueue<Chunk> into) {
        try {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[CHUNK_BYTES];
            int length = in.read(buffer);
            while (length > 0) {
                ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(buffer, length));
                into.put(new Chunk(System.nanoTime() + delayNanos, bytes));
                length = in.read(buffer);
            }
            into.put(new Chunk(System.nanoTime() + delayNanos, ByteBuffer.allocate(0)));
        } catch (IOException e) {
            end(from, to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Socket from, Socket to, BlockingQueue<Chunk> underWay) {
        try {
            OutputStream out = to.getOutputStream();
            Chunk next = await(underWay);
            while (next.bytes().hasRemaining()) {
                out.write(next.bytes().array());
                next = await(underWay);
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end(from, to);
            }
        } catch (IOException e) {
            end(from, to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A reader that failed leaves no end behind it, but closed sockets. */
    private Chunk await(BlockingQueue<Chunk> underWay) throws InterruptedException, IOException {
        Chunk next = underWay.poll(1, TimeUnit.SECONDS);
        while (next == null) {
            if (closed) {
                throw new IOException("The proxy is closed");
            }
            next = underWay.poll(1, TimeUnit.SECONDS);
        }
        TimeUnit.NANOSECONDS.sleep(next.due() - System.nanoTime());
        return next;
    }

    private void end(Socket one, Socket other) {
        for (Socket socket : new Socket[] {one, other}) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone already
            }
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends all connections, at once. */
    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        sockets.forEach(socket -> end(socket, socket));
    }
}
