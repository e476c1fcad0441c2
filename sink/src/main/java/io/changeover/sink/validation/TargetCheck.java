package io.changeover.sink.validation;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.config.ConnectionKeys;
import io.changeover.sink.config.KeyProblem;
import io.changeover.sink.failure.ServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A look at the target in a transaction that can write nothing, with a limit of seconds. */
final class TargetCheck {

    private static final Logger LOG = LoggerFactory.getLogger(TargetCheck.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private TargetCheck() {}

    static List<KeyProblem> of(ServerSettings target) {
        try (Connection connection = Connections.open(target, "changeover validation", LIMIT)) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            TargetFacts facts = TargetFacts.read(connection);
            connection.rollback();
            if (!facts.encoding().equals("UTF8")) {
                LOG.warn(
                        "The database {} has the encoding {}: a change with a character that it lacks stops the sink",
                        target,
                        facts.encoding());
            }
            return TargetRules.problems(facts, target.user());
        } catch (SQLException e) {
            return List.of(
                    new KeyProblem(keyBehind(e), "Could not look at " + target + ": " + ServerError.describe(e)));
        }
    }

    /** The setting that is most likely wrong. */
    private static String keyBehind(SQLException error) {
        return switch (String.valueOf(error.getSQLState())) {
            case "28P01" -> ConnectionKeys.PASSWORD;
            case "28000", "42501" -> ConnectionKeys.USER;
            case "3D000" -> ConnectionKeys.DATABASE;
            default -> ConnectionKeys.HOST;
        };
    }
}
