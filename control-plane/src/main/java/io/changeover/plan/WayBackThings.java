package io.changeover.plan;

import io.changeover.connect.ConnectorTemplates;
import io.changeover.ledger.Ledger;
import io.changeover.migration.Names;
import io.changeover.plan.PlannedThing.Kind;
import io.changeover.postgres.PublishedTables;
import io.changeover.schema.Filenodes;
import io.changeover.schema.MarkerTable;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.ServerSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the way back of a pair makes and alters: its source is the migration's target. */
final class WayBackThings {

    private static final String REMOVED = "clean-up after a rollback, changeover finish, or cancel";
    private static final String FINISH = "changeover finish, or cancel";

    private final MigrationSpec spec;
    private final Names names;
    private final Optional<Look> look;
    private final String oldSource;
    private final String target;

    private WayBackThings(MigrationSpec spec, DatabasePair pair, Optional<Look> look) {
        this.spec = spec;
        this.names = new Names(spec.name(), pair.source()).back();
        this.look = look;
        this.oldSource = where("source", spec.source(), pair.source());
        this.target = where("target", spec.target(), pair.target());
    }

    private static String where(String side, ServerSpec server, String database) {
        return side + " " + server.host() + ":" + server.port() + "/" + database;
    }

    /** The configurations of its connectors, by their names. */
    static Map<String, Map<String, String>> connectors(MigrationSpec spec, DatabasePair pair, Optional<Look> look) {
        Names names = new Names(spec.name(), pair.source()).back();
        ConnectorTemplates templates = new ConnectorTemplates(spec.back(pair), pair.exchanged(), names);
        Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
        connectors.put(
                names.capture(),
                templates.capture(look.filter(found -> MarkerTable.isNeeded(found.targetMajor()))
                        .map(found -> MarkerTable.heartbeat())));
        connectors.put(names.sink(), templates.sink());
        return connectors;
    }

    static List<PlannedThing> of(
            MigrationSpec spec, DatabasePair pair, Optional<Look> look, Map<String, Map<String, String>> connectors) {
        WayBackThings things = new WayBackThings(spec, pair, look);
        List<PlannedThing> all = new ArrayList<>(things.onTarget());
        all.addAll(things.onOldSource());
        all.addAll(ClusterThings.ofWayBack(spec, pair, connectors));
        return all;
    }

    private List<PlannedThing> onTarget() {
        List<PlannedThing> things = new ArrayList<>();
        if (spec.replicaIdentity() == ReplicaIdentityMode.FULL_WHERE_MISSING) {
            things.add(thing(
                    Kind.REPLICA_IDENTITY,
                    "each table without a usable one becomes FULL, before the cutover",
                    target,
                    List.of(),
                    "the rights of the table's owner",
                    REMOVED));
        }
        List<String> tables = tablesOnTarget();
        if (!tables.isEmpty()) {
            things.add(thing(Kind.SCHEMA, Ledger.SCHEMA, target, tables, "CREATE on the database", REMOVED));
        }
        if (look.filter(found -> PublishedTables.areListed(found.targetMajor())).isEmpty()) {
            things.add(thing(
                    Kind.PUBLICATION,
                    names.publication(),
                    target,
                    look.map(Look::tables).orElse(List.of()).stream()
                            .map(Object::toString)
                            .toList(),
                    "CREATE on the database, and the rights of the owner of each table",
                    REMOVED));
        }
        things.add(thing(
                Kind.SLOT,
                names.slot(),
                target,
                List.of(),
                "REPLICATION; on RDS membership in rds_replication",
                REMOVED));
        things.add(new PlannedThing(
                Kind.DATABASE_SETTING,
                "default_transaction_read_only",
                target,
                List.of(),
                Map.of("value", "on, from a rollback on"),
                "the rights of the database's owner; pg_signal_backend, to end sessions that write",
                "changeover finish"));
        return things;
    }

    /** Of schema changeover, besides the ledger. */
    private List<String> tablesOnTarget() {
        List<String> tables = new ArrayList<>();
        look.ifPresent(found -> {
            if (Filenodes.areNeeded(found.targetMajor())) {
                tables.add("filenode");
            }
            if (MarkerTable.isNeeded(found.targetMajor())) {
                tables.add("marker");
            }
            if (PublishedTables.areListed(found.targetMajor())) {
                tables.add("published");
            }
        });
        return tables;
    }

    private List<PlannedThing> onOldSource() {
        return List.of(
                thing(Kind.SCHEMA, Ledger.SCHEMA, oldSource, ledger(), "CREATE on the database", FINISH),
                new PlannedThing(
                        Kind.SESSION_SETTING,
                        "session_replication_role",
                        oldSource,
                        List.of(),
                        Map.of("value", "replica, in the sessions that write rows after the cutover"),
                        "SET on the parameter; on Azure REPLICATION, on RDS rds_superuser; without it triggers, rules"
                                + " and foreign keys are set aside",
                        "the end of each session"),
                thing(
                        Kind.SET_ASIDE,
                        "triggers ENABLE ALWAYS and REPLICA, and rules of these states; after the cutover",
                        oldSource,
                        List.of(),
                        "the rights of the owner of each table",
                        "a rollback, or changeover finish, puts it back"));
    }

    private List<String> ledger() {
        List<String> tables = new ArrayList<>(Ledger.tableNames());
        if (spec.replicaIdentity() == ReplicaIdentityMode.FULL_WHERE_MISSING) {
            tables.add("replica_identity, if a table becomes FULL");
        }
        return tables.stream().sorted().toList();
    }

    private static PlannedThing thing(
            Kind kind, String name, String where, List<String> contains, String privilege, String removedBy) {
        return new PlannedThing(kind, name, where, contains, Map.of(), privilege, removedBy);
    }
}
