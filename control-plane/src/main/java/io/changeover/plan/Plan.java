package io.changeover.plan;

import io.changeover.connect.ConnectorTemplates;
import io.changeover.schema.MarkerTable;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a migration will make and alter.
 *
 * @param migration its name
 * @param things what, in the order in which it happens
 * @param connectors the configurations as they are handed to Kafka Connect, by the connectors' names; passwords are
 *     references
 */
public record Plan(String migration, List<PlannedThing> things, Map<String, Map<String, String>> connectors) {

    public Plan {
        things = List.copyOf(things);
        connectors = new LinkedHashMap<>(connectors);
    }

    /**
     * The plan.
     *
     * @param looks what depends on the servers, by source database; a pair that nobody looked at is taken for one from
     *     PostgreSQL 14 or later
     */
    public static Plan of(MigrationSpec spec, Map<String, Look> looks) {
        List<PlannedThing> things = new ArrayList<>(ClusterThings.shared(spec));
        Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
        for (DatabasePair pair : spec.databases()) {
            Optional<Look> look = Optional.ofNullable(looks.get(pair.source()));
            Map<String, Map<String, String>> configs = new ConnectorTemplates(spec, pair).all(heartbeat(look));
            things.addAll(ServerThings.of(spec, pair, look));
            things.addAll(ClusterThings.of(spec, pair, configs));
            connectors.putAll(configs);
            if (spec.fallback().enabled()) {
                Map<String, Map<String, String>> back = WayBackThings.connectors(spec, pair, look);
                things.addAll(WayBackThings.of(spec, pair, look, back));
                connectors.putAll(back);
            }
        }
        return new Plan(spec.name(), things, connectors);
    }

    private static Optional<String> heartbeat(Optional<Look> look) {
        return look.filter(found -> MarkerTable.isNeeded(found.sourceMajor())).map(found -> MarkerTable.heartbeat());
    }
}
