package io.changeover.preflight;

import io.changeover.connect.ConnectorTemplates;
import io.changeover.kafka.KafkaCluster;
import io.changeover.migration.Names;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.Secrets;
import io.changeover.spec.TableSelection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be checked.
 *
 * @param pairs the database pairs; all sources are on one server, all targets on one
 * @param schema where the target's tables come from
 * @param replicaIdentity what happens to tables that cannot be published as they are
 * @param resume whether this migration has begun before: what it left behind is then no finding
 * @param roles what happens to roles and rights
 * @param eventTrigger whether event triggers are made on the sources
 * @param cluster what is asked of Kafka and Kafka Connect; empty if they are not there yet
 * @param fallback whether the target is captured after the cutover
 */
public record PreflightRequest(
        List<Pair> pairs,
        SchemaMode schema,
        ReplicaIdentityMode replicaIdentity,
        boolean resume,
        RolesMode roles,
        boolean eventTrigger,
        Optional<Cluster> cluster,
        boolean fallback) {

    public PreflightRequest {
        pairs = List.copyOf(pairs);
    }

    /** Without a way back. */
    public PreflightRequest(
            List<Pair> pairs,
            SchemaMode schema,
            ReplicaIdentityMode replicaIdentity,
            boolean resume,
            RolesMode roles,
            boolean eventTrigger,
            Optional<Cluster> cluster) {
        this(pairs, schema, replicaIdentity, resume, roles, eventTrigger, cluster, false);
    }

    /** The servers only. */
    PreflightRequest(List<Pair> pairs, SchemaMode schema, ReplicaIdentityMode replicaIdentity, boolean resume) {
        this(pairs, schema, replicaIdentity, resume, RolesMode.LEAVE, false, Optional.empty());
    }

    /** The same with event triggers on the sources. */
    PreflightRequest withEventTrigger() {
        return new PreflightRequest(pairs, schema, replicaIdentity, resume, roles, true, cluster, fallback);
    }

    /**
     * A database and where it goes.
     *
     * @param source the source database, password resolved
     * @param target the target database, password resolved
     * @param slot the name of its replication slot
     * @param publication the name of its publication
     * @param tables which of the source's tables
     */
    public record Pair(
            ServerSettings source, ServerSettings target, String slot, String publication, TableSelection tables) {}

    /**
     * Kafka and Kafka Connect.
     *
     * @param where their addresses
     * @param connectors what will be asked of Connect: configurations by name, passwords as references
     * @param changeTopics the topics of the changes, and the largest record that will be written to each, in bytes
     */
    public record Cluster(
            KafkaCluster where, Map<String, Map<String, String>> connectors, Map<String, Long> changeTopics) {

        public Cluster {
            connectors = new LinkedHashMap<>(connectors);
            changeTopics = new LinkedHashMap<>(changeTopics);
        }
    }

    /**
     * What a migration's start needs.
     *
     * @param databases the pairs that are to be checked, of the migration's
     * @param secrets for the passwords
     * @param resume whether it has begun before
     * @param cluster where it will run; empty if that is not there yet
     */
    public static PreflightRequest of(
            MigrationSpec spec,
            List<DatabasePair> databases,
            Secrets secrets,
            boolean resume,
            Optional<KafkaCluster> cluster) {
        return new PreflightRequest(
                databases.stream().map(pair -> pair(spec, pair, secrets)).toList(),
                spec.schema(),
                spec.replicaIdentity(),
                resume,
                spec.roles(),
                spec.ddl().eventTrigger(),
                cluster.map(where -> cluster(where, spec, databases)),
                spec.fallback().enabled());
    }

    private static Pair pair(MigrationSpec spec, DatabasePair pair, Secrets secrets) {
        return pair(
                secrets.resolve(spec.source(), pair.source()),
                secrets.resolve(spec.target(), pair.target()),
                new Names(spec.name(), pair.source()),
                pair.tables());
    }

    /** A pair under its names. */
    public static Pair pair(ServerSettings source, ServerSettings target, Names names, TableSelection tables) {
        return new Pair(source, target, names.slot(), names.publication(), tables);
    }

    /** What a migration will ask of a cluster. */
    public static Cluster cluster(KafkaCluster where, MigrationSpec spec, List<DatabasePair> databases) {
        Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
        Map<String, Long> changeTopics = new LinkedHashMap<>();
        for (DatabasePair pair : databases) {
            ConnectorTemplates templates = new ConnectorTemplates(spec, pair);
            connectors.putAll(templates.all(Optional.empty()));
            changeTopics.put(new Names(spec.name(), pair.source()).changeTopic(), templates.largestRecord());
        }
        return new Cluster(where, connectors, changeTopics);
    }
}
