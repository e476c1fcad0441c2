package io.changeover.cli;

import io.changeover.access.Access;
import io.changeover.spec.ClusterSpec;
import io.changeover.spec.Secrets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the control plane as a service: migrations come by REST. */
@Command(
        name = "up",
        description = "Runs the control plane until it is stopped; migrations are created by REST.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    /** An existing cluster. */
    static final class Cluster {
        @Option(
                names = "--bootstrap-servers",
                required = true,
                paramLabel = "HOST:PORT",
                description = "An existing Kafka; without it, broker and worker run in this process.")
        String bootstrapServers = "";

        @Option(
                names = "--connect-url",
                required = true,
                paramLabel = "URL",
                description = "The REST API of its Kafka Connect.")
        String connectUrl = "";
    }

    @ArgGroup(exclusive = false)
    private @Nullable Cluster cluster;

    @Mixin
    private final KafkaOption kafka = new KafkaOption();

    @Mixin
    private final AccessOptions access = new AccessOptions();

    @Mixin
    private final SecretOptions secrets = new SecretOptions();

    @Mixin
    private final HookOptions hooks = new HookOptions();

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Where it keeps its files (default: ~/.changeover/up).")
    private @Nullable Path workDirectory;

    @Override
    public Integer call() throws InterruptedException {
        Access allowed = access.access();
        Path work = WorkDirectories.open(Optional.ofNullable(workDirectory).orElseGet(() -> WorkDirectories.of("up")));
        Optional<ClusterSpec> existing =
                Optional.ofNullable(cluster).map(given -> new ClusterSpec(given.bootstrapServers, given.connectUrl));
        Secrets bounded = secrets.ofService(work);
        CountDownLatch ended = new CountDownLatch(1);
        try (OnExit exit = new OnExit()) {
            Stack stack = exit.stop(
                    Stack.start(work, kafka.of(existing, bounded), access.listen(), allowed, bounded, hooks.scope()));
            exit.stop(ended::countDown);
            System.out.println("REST answers at " + stack.api() + ", Kafka Connect at " + stack.connectUrl());
            ended.await();
        }
        return ExitCode.OK;
    }
}
