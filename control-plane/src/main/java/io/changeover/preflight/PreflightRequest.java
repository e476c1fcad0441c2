package io.changeover.preflight;

import io.changeover.postgres.ServerSettings;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.util.List;

/**
 * What is to be checked.
 *
 * @param pairs the database pairs; all sources are on one server, all targets on one
 * @param schema where the target's tables come from
 * @param replicaIdentity what happens to tables that cannot be published as they are
 * @param resume whether this migration has begun before: what it left behind is then no finding
 */
public record PreflightRequest(
        List<Pair> pairs, SchemaMode schema, ReplicaIdentityMode replicaIdentity, boolean resume) {

    public PreflightRequest {
        pairs = List.copyOf(pairs);
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
}
