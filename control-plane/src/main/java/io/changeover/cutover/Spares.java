package io.changeover.cutover;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Connections for the comparison, open before the freeze. */
record Spares(Connection source, Connection target, List<Connection> targetReaders) {

    private static final String APPLICATION = "changeover-verify";

    static Spares open(ServerSettings source, ServerSettings target) throws SQLException {
        List<Connection> opened = new ArrayList<>();
        try {
            opened.add(Connections.open(source, APPLICATION));
            for (int i = 0; i <= Cutover.READERS; i++) {
                opened.add(Connections.open(target, APPLICATION));
            }
            return new Spares(opened.get(0), opened.get(1), List.copyOf(opened.subList(2, opened.size())));
        } catch (SQLException e) {
            Connections.closeAll(opened);
            throw e;
        }
    }

    /** Has all of them end with the freeze. */
    void include(Freeze freeze) {
        freeze.include(source);
        freeze.include(target);
        targetReaders.forEach(freeze::include);
    }

    /** All of them, whatever becomes of one: those of the target hold locks, which nothing else would let go. */
    void close() {
        Connections.closeAll(List.of(source, target));
        Connections.closeAll(targetReaders);
    }
}
