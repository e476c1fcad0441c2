package io.changeover.cli;

import java.net.URI;
import picocli.CommandLine.Option;

/** Where the control plane is, for commands that talk to it. */
final class ServerOption {

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:CHANGEOVER_SERVER:-http://127.0.0.1:8090}",
            description = "The control plane (default: $CHANGEOVER_SERVER or http://127.0.0.1:8090).")
    URI server = URI.create("http://127.0.0.1:8090");

    ApiClient client() {
        return new ApiClient(server);
    }
}
