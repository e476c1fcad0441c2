package io.changeover.faults;

import io.changeover.e2e.Servers;
import io.changeover.postgres.Connections;
import io.changeover.postgres.local.LocalPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Disks of a stack that can be full: those of all databases of both servers, without their WAL, and the broker's; none
 * where they cannot be made.
 */
record StackDisks(Optional<SmallDisk> source, Optional<SmallDisk> target, Optional<SmallDisk> broker)
        implements AutoCloseable {

    /** For servers that have no databases yet. */
    static StackDisks of(Servers servers, Path brokersOwner) throws SQLException {
        if (!SmallDisk.isPossible()) {
            return new StackDisks(Optional.empty(), Optional.empty(), Optional.empty());
        }
        return new StackDisks(
                Optional.of(under(servers.sourceServer())),
                Optional.of(under(servers.targetServer())),
                Optional.of(SmallDisk.ownedBy(brokersOwner)));
    }

    /** A new database lies where the one lies that it is a copy of. */
    private static SmallDisk under(LocalPostgres server) throws SQLException {
        SmallDisk disk = SmallDisk.ownedBy(server.directory().resolve("pgdata"));
        try (Connection connection = Connections.open(server.settings("postgres"), "test");
                Statement statement = connection.createStatement()) {
            statement.execute("create tablespace small location '" + disk.directory() + "'");
            statement.execute("alter database template1 set tablespace small");
        }
        return disk;
    }

    Path brokerDirectory(Path otherwise) {
        return broker.map(SmallDisk::directory).orElse(otherwise);
    }

    @Override
    public void close() {
        List.of(source, target, broker).forEach(disk -> disk.ifPresent(SmallDisk::close));
    }
}
