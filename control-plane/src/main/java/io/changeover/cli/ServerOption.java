package io.changeover.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the control plane is and how to come in, for commands that talk to it. */
final class ServerOption {

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:CHANGEOVER_SERVER:-http://127.0.0.1:8090}",
            description = "The control plane (default: $CHANGEOVER_SERVER or http://127.0.0.1:8090).")
    URI server = URI.create("http://127.0.0.1:8090");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:CHANGEOVER_TOKEN_FILE:-}",
            description = "A file that holds the token and nothing else (default: $CHANGEOVER_TOKEN_FILE).")
    private @Nullable Path token;

    @Option(
            names = "--ca-cert",
            paramLabel = "FILE",
            defaultValue = "${env:CHANGEOVER_CA_CERT:-}",
            description = "The roots to trust for https (PEM; default: $CHANGEOVER_CA_CERT, or the JDK's).")
    private @Nullable Path roots;

    ApiClient client() {
        return new ApiClient(server, Credentials.read(server, given(token), given(roots)));
    }

    /** A variable that is not set is an empty path. */
    private static Optional<Path> given(@Nullable Path path) {
        return Optional.ofNullable(path).filter(each -> !each.toString().isEmpty());
    }
}
