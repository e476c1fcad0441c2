package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import java.util.List;
import java.util.Optional;

/** How to reach a server, as arguments of a JVM. */
final class ServerArguments {

    private static final int COUNT = 6;

    private ServerArguments() {}

    static List<String> of(ServerSettings server) {
        return List.of(
                server.host(),
                String.valueOf(server.port()),
                server.database(),
                server.user(),
                server.password(),
                server.sslMode());
    }

    /** The first ones. */
    static ServerSettings read(String[] arguments) {
        return new ServerSettings(
                arguments[0],
                Integer.parseInt(arguments[1]),
                arguments[2],
                arguments[3],
                arguments[4],
                arguments[5],
                Optional.empty());
    }

    /** What comes behind them. */
    static List<String> others(String[] arguments) {
        return List.of(arguments).subList(COUNT, arguments.length);
    }
}
