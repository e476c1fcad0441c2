package io.changeover.faults;

import io.changeover.access.Access;
import io.changeover.api.ApiServer;
import io.changeover.embedded.EmbeddedBroker;
import io.changeover.embedded.EmbeddedWorker;
import io.changeover.kafka.KafkaCluster;
import io.changeover.runner.ControlPlane;
import io.changeover.spec.Secrets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The main class of a JVM that is a part of a stack: {@code broker DIR}, {@code worker DIR BOOTSTRAP} or {@code plane
 * DIR BOOTSTRAP CONNECT PORT}. It says where it answers, and goes on until it is killed.
 */
public final class StackProcess {

    private StackProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        System.out.println("ready: " + start(arguments[0], directory, arguments));
        new CountDownLatch(1).await();
    }

    private static String start(String part, Path directory, String[] arguments) throws IOException {
        return switch (part) {
            case "broker" -> EmbeddedBroker.start(directory).bootstrapServers();
            case "worker" -> EmbeddedWorker.start(directory, arguments[2]).uri().toString();
            case "plane" -> plane(directory, arguments);
            default -> throw new IllegalArgumentException(part);
        };
    }

    private static String plane(Path directory, String[] arguments) {
        ControlPlane plane = ControlPlane.open(
                KafkaCluster.plain(arguments[2], arguments[3]), new Secrets(Map.of()), directory, Clock.systemUTC());
        InetSocketAddress address = InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(arguments[4]));
        return ApiServer.start(plane, address, Access.OPEN).uri().toString();
    }
}
