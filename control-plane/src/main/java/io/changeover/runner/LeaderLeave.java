package io.changeover.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.connect.ConnectFailure;
import io.changeover.connect.Leave;
import io.changeover.leader.Tenure;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets requests to Kafka Connect be sent while this control plane leads the pair. */
record LeaderLeave(Tenure tenure) implements Leave {

    @Override
    public Optional<JsonNode> during(String what, Supplier<Optional<JsonNode>> request) {
        try {
            return tenure.during(what, request);
        } catch (SQLException e) {
            throw ConnectFailure.withoutLeave(Troubles.pass(e), e);
        }
    }
}
