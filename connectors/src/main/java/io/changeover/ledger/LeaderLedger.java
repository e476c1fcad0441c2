package io.changeover.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Which control plane leads the pair of a change topic: the one with the largest epoch that has come by. */
public final class LeaderLedger {

    private static final String UNDEFINED_TABLE = "42P01";
    private static final String SELECT = "select epoch, control_plane from changeover.leaders where stream = ?";

    private LeaderLedger() {}

    /**
     * A control plane.
     *
     * @param epoch larger than that of every control plane that opened the state topic before
     * @param controlPlane process and host, for people
     */
    public record Leader(long epoch, String controlPlane) {}

    /** Who leads; empty if nobody has said so, or there is no such ledger. */
    public static Optional<Leader> read(Connection target, String stream) throws SQLException {
        try {
            return read(target, stream, SELECT);
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState()) && target.getAutoCommit()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Who leads, until the end of the transaction: whoever wants to take over waits for it.
     *
     * @param target a connection whose transaction the caller ends
     */
    public static Optional<Leader> hold(Connection target, String stream) throws SQLException {
        return read(target, stream, SELECT + " for share");
    }

    /**
     * Takes the lead, if nobody with a larger epoch has it.
     *
     * @param target a connection in auto-commit mode
     * @return who leads now
     */
    public static Leader claim(Connection target, String stream, Leader wanted) throws SQLException {
        String sql = """
                insert into changeover.leaders as l (stream, epoch, control_plane) values (?, ?, ?)
                on conflict (stream) do update
                set epoch = excluded.epoch, control_plane = excluded.control_plane, since = excluded.since
                where l.epoch < excluded.epoch""";
        try (PreparedStatement upsert = target.prepareStatement(sql)) {
            upsert.setString(1, stream);
            upsert.setLong(2, wanted.epoch());
            upsert.setString(3, wanted.controlPlane());
            upsert.executeUpdate();
        }
        return read(target, stream, SELECT)
                .orElseThrow(() -> new SQLException("Nobody leads " + stream + " any more", "40001"));
    }

    /** Nobody leads any more: what there was to lead is over. */
    static void remove(Connection target, String stream) throws SQLException {
        try (PreparedStatement delete = target.prepareStatement("delete from changeover.leaders where stream = ?")) {
            delete.setString(1, stream);
            delete.executeUpdate();
        }
    }

    private static Optional<Leader> read(Connection target, String stream, String sql) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Leader(rows.getLong(1), rows.getString(2))) : Optional.empty();
            }
        }
    }
}
