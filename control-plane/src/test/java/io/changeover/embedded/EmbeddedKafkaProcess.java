package io.changeover.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The main class of a JVM that starts broker and worker, says where they are, and waits for a signal. */
public final class EmbeddedKafkaProcess {

    private EmbeddedKafkaProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "close"));
        System.out.println(kafka.bootstrapServers());
        new CountDownLatch(1).await();
    }
}
