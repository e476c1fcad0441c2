package io.changeover.cli;

import io.changeover.kafka.InvalidKafkaSettings;
import io.changeover.kafka.KafkaClients;
import io.changeover.kafka.KafkaCluster;
import io.changeover.kafka.KafkaSettings;
import io.changeover.spec.ClusterSpec;
import io.changeover.spec.Secrets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an existing Kafka is reached that encrypts its connections or asks who comes. */
final class KafkaOption {

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties of Kafka clients for an existing cluster that encrypts or asks for a login:"
                    + " security.protocol, sasl.*, ssl.*. Secrets are references.")
    private @Nullable Path file;

    /**
     * A cluster that somebody has named; empty if nobody has.
     *
     * @param secrets for the references in the file
     */
    Optional<KafkaCluster> of(Optional<ClusterSpec> named, Secrets secrets) {
        if (file != null && named.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--kafka-config is for an existing cluster, and none is named: there is none to log in to");
        }
        KafkaSettings settings = settings();
        return named.map(where ->
                new KafkaCluster(new KafkaClients(where.bootstrapServers(), settings, secrets), where.connectUrl()));
    }

    private KafkaSettings settings() {
        try {
            return file == null ? KafkaSettings.NONE : KafkaSettings.read(file);
        } catch (InvalidKafkaSettings e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
