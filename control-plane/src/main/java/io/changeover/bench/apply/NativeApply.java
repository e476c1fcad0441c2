package io.changeover.bench.apply;

import io.changeover.bench.Parts;
import io.changeover.bench.capture.CaptureSource;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.core.Utils;

/** PostgreSQL's own logical replication: a subscription to a copy of the slot, with its defaults. */
final class NativeApply implements ApplySide {

    private final CaptureSource source;
    private final TargetServer target;
    private final Timeline timeline;

    NativeApply(CaptureSource source, TargetServer target, Timeline timeline) {
        this.source = source;
        this.target = target;
        this.timeline = timeline;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Running start(String run, ServerSettings database, Parts parts) throws Exception {
        ServerSettings administrator = target.administrator(database.database());
        source.copyBeginning(run);
        parts.add(() -> source.drop(run));
        Connection connection = parts.add(Connections.open(administrator, "changeover-bench"));
        TargetPosition position = parts.add(TargetPosition.ofSubscription(administrator, run, timeline));
        subscribe(connection, run);
        parts.add(() -> unsubscribe(connection, run));
        return new Running(position, Optional.empty(), () -> {});
    }

    private void subscribe(Connection connection, String run) throws SQLException {
        execute(
                connection,
                "create subscription " + Identifier.quote(run) + " connection '" + literal(conninfo())
                        + "' publication " + Identifier.quote(CaptureSource.PUBLICATION)
                        + " with (create_slot = false, copy_data = false)");
    }

    /** The slot's name is the subscription's. */
    private static void unsubscribe(Connection connection, String run) throws SQLException {
        String subscription = Identifier.quote(run);
        execute(connection, "alter subscription " + subscription + " disable");
        execute(connection, "alter subscription " + subscription + " set (slot_name = none)");
        execute(connection, "drop subscription " + subscription);
    }

    private String conninfo() {
        ServerSettings from = source.settings();
        return "host=%s port=%d dbname=%s user=%s password=%s"
                .formatted(from.host(), from.port(), from.database(), from.user(), from.password());
    }

    private static String literal(String text) throws SQLException {
        return Utils.escapeLiteral(new StringBuilder(), text, true).toString();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
