package io.changeover.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A way to a server on this machine that can be made to fail: for all connections, or for those of some applications,
 * which PostgreSQL's clients name when they connect; at once, or at the {@link Moment} at which something is said.
 * Thread-safe.
 */
final class Link implements AutoCloseable {

    /** Every connection, also before it has said whose it is. */
    static final Predicate<Optional<String>> EVERYBODY = application -> true;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Set<LinkConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<Trigger> triggers = new CopyOnWriteArrayList<>();
    private Trouble trouble = Trouble.NONE;
    private Predicate<Optional<String>> whose = EVERYBODY;

    /** What happens at a moment, once. */
    private record Trigger(
            Moment moment,
            Predicate<Optional<String>> whose,
            AtomicInteger left,
            Runnable then,
            CompletableFuture<Void> happened) {}

    private Link(ServerSocket listener, InetSocketAddress server) {
        this.listener = listener;
        this.server = server;
    }

    /** Begins to listen on a free port of 127.0.0.1, for a server on another one. */
    static Link to(int serverPort) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Link link = new Link(new ServerSocket(0, 50, loopback), new InetSocketAddress(loopback, serverPort));
        thread("link-" + serverPort, link::accept);
        return link;
    }

    /** Connections of applications whose names begin so. */
    static Predicate<Optional<String>> of(String... applications) {
        return name -> name.isPresent() && List.of(applications).stream().anyMatch(name.get()::startsWith);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on the link is so, for everybody. */
    void is(Trouble now) {
        is(now, EVERYBODY);
    }

    /** From now on the link is so for some, and without trouble for all others. */
    void is(Trouble now, Predicate<Optional<String>> forWhom) {
        synchronized (this) {
            trouble = now;
            whose = forWhom;
            notifyAll();
        }
        connections.forEach(LinkConnection::troubled);
    }

    /** The link is good again. */
    void mend() {
        is(Trouble.NONE);
    }

    /**
     * Has something done when a client or the server has said something, and before the other side hears of it.
     *
     * @param then for example {@code () -> link.is(Trouble.CUT)}; the connection waits meanwhile
     * @return done when it has happened
     */
    CompletableFuture<Void> at(Moment moment, Predicate<Optional<String>> byWhom, Runnable then) {
        Trigger trigger =
                new Trigger(moment, byWhom, new AtomicInteger(moment.time()), then, new CompletableFuture<>());
        triggers.add(trigger);
        return trigger.happened();
    }

    /** Takes all {@link #at} back that have not happened. */
    void forget() {
        triggers.clear();
    }

    synchronized Trouble troubleOf(Optional<String> application) {
        return whose.test(application) ? trouble : Trouble.NONE;
    }

    /** Waits until there is another trouble than {@link Trouble#STALLED}. */
    synchronized void awaitMotion(Optional<String> application) throws InterruptedException {
        while (troubleOf(application) == Trouble.STALLED) {
            wait();
        }
    }

    void said(Moment.Side side, Optional<String> application, SaidText text) {
        for (Trigger trigger : triggers) {
            if (trigger.moment().by() == side && trigger.whose().test(application)) {
                int times = text.count(trigger.moment().phrase());
                for (int i = 0; i < times; i++) {
                    if (trigger.left().decrementAndGet() == 0) {
                        triggers.remove(trigger);
                        trigger.then().run();
                        trigger.happened().complete(null);
                    }
                }
            }
        }
    }

    void ended(LinkConnection connection) {
        connections.remove(connection);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                LinkConnection connection = new LinkConnection(this, client);
                connections.add(connection);
                thread("link-connect", () -> connection.begin(server));
            } catch (IOException e) {
                // closed
            }
        }
    }

    static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        connections.forEach(LinkConnection::reset);
        mend();
    }
}
