package io.changeover.runner;

import io.changeover.connect.ConnectClient;
import io.changeover.connect.ConnectorStatus;
import io.changeover.connect.ConnectorStatus.TaskStatus;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.Names;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Asks Connect how the connectors of a pair are; changes nothing. */
final class ConnectorLooks {

    private final ConnectClient connect;
    private final Names names;

    ConnectorLooks(ConnectClient connect, Names names) {
        this.connect = connect;
        this.names = names;
    }

    /**
     * Those that are there, in the order in which changes pass through them.
     *
     * @throws io.changeover.connect.ConnectFailure if Connect does not say
     */
    List<ConnectorLook> now() {
        return Stream.of(names.capture(), names.load(), names.loadSink(), names.sink())
                .flatMap(name -> connect.status(name).map(status -> look(name, status)).stream())
                .toList();
    }

    static ConnectorLook look(String name, ConnectorStatus status) {
        return new ConnectorLook(
                name,
                status.failed() ? "FAILED" : status.state(),
                status.tasks().size(),
                (int) status.tasks().stream()
                        .map(TaskStatus::state)
                        .filter("RUNNING"::equals)
                        .count(),
                status.failed() ? Optional.of(status.cause()) : Optional.empty());
    }
}
