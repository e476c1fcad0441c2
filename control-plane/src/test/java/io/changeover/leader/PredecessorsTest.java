package io.changeover.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class PredecessorsTest {

    private static final Mark MARK = new Mark("changeover.shop.shop", 7);

    @Test
    void onlySessionsOfThisPairWithSmallerEpochsAreEnded(Databases databases) throws Exception {
        ServerSettings target = databases.target(Servers.MIGRATOR);
        List<String> names = List.of(
                "changeover-fence " + MARK.pair() + ".6",
                "changeover-fence " + MARK.pair() + ".7",
                "changeover-fence " + MARK.pair() + ".8",
                "changeover-fence " + new Mark("changeover.shop.other", 6),
                "changeover-fence",
                "changeover sink changeover.shop.shop",
                "mine changeover-fence " + MARK.pair() + ".6",
                "changeover-fence " + MARK.pair() + ".6 or so",
                "changeover-fence " + MARK.pair() + ".99999999999999999999999");
        Map<String, Connection> sessions = new TreeMap<>();
        try {
            for (String name : names) {
                sessions.put(name, Connections.open(target, name));
            }
            sessions.put("other role", Connections.open(databases.target(Servers.APPLICATION), names.get(0)));
            try (Connection session = Connections.open(target, "changeover-lead " + MARK)) {
                Predecessors.end(session, MARK);
            }

            assertThat(ended(sessions)).containsExactly(names.get(0));
        } finally {
            for (Connection session : sessions.values()) {
                session.close();
            }
        }
    }

    private static List<String> ended(Map<String, Connection> sessions) throws SQLException {
        List<String> ended = new ArrayList<>();
        for (Map.Entry<String, Connection> each : sessions.entrySet()) {
            if (!each.getValue().isValid(5)) {
                ended.add(each.getKey());
            }
        }
        return ended;
    }
}
