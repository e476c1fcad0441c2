package io.changeover.postgres.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The main class of a JVM that starts a server, says its process id and waits to be killed. */
public final class AbandonedServer {

    private AbandonedServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        LocalPostgres server = LocalPostgres.builder(17)
                .directory(Path.of(arguments[0]))
                .fsync(false)
                .start();
        System.out.println(server.pid());
        new CountDownLatch(1).await();
    }
}
