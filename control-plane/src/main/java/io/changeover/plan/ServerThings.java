package io.changeover.plan;

import io.changeover.ddl.DdlRecorder;
import io.changeover.ledger.Ledger;
import io.changeover.migration.Names;
import io.changeover.plan.PlannedThing.Kind;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import io.changeover.schema.Filenodes;
import io.changeover.schema.MarkerTable;
import io.changeover.sink.guard.Guarding;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a migration makes and alters on the two servers of a pair. */
final class ServerThings {

    private static final String CLEAN_UP = "clean-up after the comparison, or cancel";
    private static final String CUTOVER = "the cutover, or cancel, puts it back";

    private final MigrationSpec spec;
    private final Optional<Look> look;
    private final Names names;
    private final String source;
    private final String target;

    private ServerThings(MigrationSpec spec, DatabasePair pair, Optional<Look> look) {
        this.spec = spec;
        this.look = look;
        this.names = new Names(spec.name(), pair.source());
        this.source = where("source", spec.source(), pair.source());
        this.target = where("target", spec.target(), pair.target());
    }

    static List<PlannedThing> of(MigrationSpec spec, DatabasePair pair, Optional<Look> look) {
        ServerThings things = new ServerThings(spec, pair, look);
        return Stream.of(things.onSource(), things.onTarget())
                .flatMap(List::stream)
                .toList();
    }

    private static String where(String side, ServerSpec server, String database) {
        return side + " " + server.host() + ":" + server.port() + "/" + database;
    }

    private List<PlannedThing> onSource() {
        List<PlannedThing> things = new ArrayList<>();
        if (spec.replicaIdentity() == ReplicaIdentityMode.FULL_WHERE_MISSING) {
            things.addAll(identities());
        }
        List<String> tables = sourceTables();
        if (!tables.isEmpty()) {
            things.add(thing(Kind.SCHEMA, Ledger.SCHEMA, source, tables, "CREATE on the database", CLEAN_UP));
        }
        if (spec.ddl().eventTrigger()) {
            DdlRecorder.TRIGGERS.forEach(trigger -> things.add(thing(
                    Kind.EVENT_TRIGGER,
                    trigger,
                    source,
                    List.of("function changeover.record_ddl"),
                    "superuser; on RDS membership in rds_superuser",
                    CLEAN_UP)));
        }
        if (look.filter(found -> PublishedTables.areListed(found.sourceMajor())).isEmpty()) {
            things.add(thing(
                    Kind.PUBLICATION,
                    names.publication(),
                    source,
                    tables(),
                    "CREATE on the database, and the rights of the owner of each table",
                    CLEAN_UP));
        }
        things.add(thing(
                Kind.SLOT,
                names.slot(),
                source,
                List.of(),
                "REPLICATION; on RDS membership in rds_replication",
                CLEAN_UP));
        things.add(new PlannedThing(
                Kind.DATABASE_SETTING,
                "default_transaction_read_only",
                source,
                List.of(),
                Map.of("value", "on, from the cutover on"),
                "the rights of the database's owner; pg_signal_backend, to end sessions that write",
                "changeover finish"));
        return things;
    }

    private List<PlannedThing> identities() {
        String privilege = "the rights of the table's owner";
        return look.map(found -> found.becomingFull().stream()
                        .map(table -> thing(
                                Kind.REPLICA_IDENTITY, table + " becomes FULL", source, List.of(), privilege, CLEAN_UP))
                        .toList())
                .orElseGet(() -> List.of(thing(
                        Kind.REPLICA_IDENTITY,
                        "each table without a usable one becomes FULL",
                        source,
                        List.of(),
                        privilege,
                        CLEAN_UP)));
    }

    /** Of schema changeover on the source. */
    private List<String> sourceTables() {
        List<String> tables = new ArrayList<>();
        if (spec.ddl().eventTrigger()) {
            tables.addAll(DdlRecorder.TABLES);
        }
        look.ifPresent(found -> {
            if (Filenodes.areNeeded(found.sourceMajor())) {
                tables.add("filenode");
            }
            if (MarkerTable.isNeeded(found.sourceMajor())) {
                tables.add("marker");
            }
            if (PublishedTables.areListed(found.sourceMajor())) {
                tables.add("published");
            }
        });
        return tables;
    }

    private List<PlannedThing> onTarget() {
        List<PlannedThing> things = new ArrayList<>();
        boolean copies = spec.schema() == SchemaMode.COPY;
        if (copies) {
            things.add(thing(
                    Kind.DEFINITIONS,
                    "schemas, types, functions, tables, sequences, views, keys, indexes, triggers, foreign keys",
                    target,
                    tables(),
                    "CREATE on the database; they belong to " + spec.target().user(),
                    "nobody: they are what was asked for"));
        }
        things.add(thing(
                Kind.SCHEMA,
                Ledger.SCHEMA,
                target,
                ledger(copies),
                "CREATE on the database",
                "changeover finish, or cancel"));
        if (spec.load().existingIndexes() == ExistingIndexMode.REBUILD) {
            things.add(thing(
                    Kind.INDEXES,
                    "indexes that are dropped for the load",
                    target,
                    look.map(Look::indexes).orElse(List.of()),
                    "the rights of the owner of each table",
                    "the migration itself, after the load"));
        }
        things.addAll(guard());
        return things;
    }

    private List<String> ledger(boolean copies) {
        List<String> tables = new ArrayList<>(Ledger.tableNames());
        if (copies) {
            tables.addAll(List.of("made", "schema_report", "structure"));
        } else if (look.filter(found -> !found.indexes().isEmpty()).isPresent()) {
            tables.add("made");
        }
        if (look.filter(found -> !found.becomingFull().isEmpty()).isPresent()) {
            tables.add("replica_identity");
        }
        return tables.stream().sorted().toList();
    }

    private List<PlannedThing> guard() {
        List<PlannedThing> things = new ArrayList<>();
        boolean replica = look.filter(found -> found.guarding() == Guarding.DDL).isEmpty();
        if (replica) {
            things.add(new PlannedThing(
                    Kind.SESSION_SETTING,
                    "session_replication_role",
                    target,
                    List.of(),
                    Map.of("value", "replica, in the sessions that write rows"),
                    "SET on the parameter; on Azure REPLICATION, on RDS rds_superuser",
                    "the end of each session"));
        }
        if (look.isEmpty() || !look.get().setAside().isEmpty()) {
            things.add(thing(
                    Kind.SET_ASIDE,
                    replica
                            ? "triggers ENABLE ALWAYS and REPLICA, and rules of these states"
                            : "triggers, rules and foreign keys",
                    target,
                    look.map(Look::setAside).orElse(List.of()),
                    "the rights of the owner of each table",
                    CUTOVER));
        }
        return things;
    }

    private List<String> tables() {
        return look.map(Look::tables).orElse(List.of()).stream()
                .map(TableName::toString)
                .toList();
    }

    private static PlannedThing thing(
            Kind kind, String name, String where, List<String> contains, String privilege, String removedBy) {
        return new PlannedThing(kind, name, where, contains, Map.of(), privilege, removedBy);
    }
}
