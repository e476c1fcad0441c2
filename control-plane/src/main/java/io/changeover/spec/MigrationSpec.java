package io.changeover.spec;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a person asked for, checked. Immutable; its JSON form reads back as an equal specification.
 *
 * @param name the migration's name: part of the names of slots, topics and connectors
 * @param source the server that the databases leave
 * @param target the server that they go to
 * @param databases what is moved, at least one
 * @param schema where the target's tables come from
 * @param roles what happens to roles and rights
 * @param replicaIdentity what happens to tables of the source that cannot be published as they are
 * @param load how the full load goes
 * @param cutover how the cutover goes
 * @param verification how rows are verified while changes flow
 * @param ddl how a change of the source's definitions is noticed
 * @param fallback whether there is a way back after the cutover
 * @param hooks what is run or told before and after steps of a cutover
 * @param cluster the existing cluster to run in; empty means a broker and a worker in Changeover's own JVM
 */
public record MigrationSpec(
        String name,
        ServerSpec source,
        ServerSpec target,
        List<DatabasePair> databases,
        SchemaMode schema,
        RolesMode roles,
        ReplicaIdentityMode replicaIdentity,
        LoadSpec load,
        CutoverSpec cutover,
        VerificationSpec verification,
        DdlSpec ddl,
        FallbackSpec fallback,
        List<HookSpec> hooks,
        Optional<ClusterSpec> cluster) {

    public MigrationSpec {
        databases = List.copyOf(databases);
        // what was stored before there was a choice
        load = Objects.requireNonNullElse(load, LoadSpec.DEFAULT);
        verification = Objects.requireNonNullElse(verification, VerificationSpec.DEFAULT);
        roles = Objects.requireNonNullElse(roles, RolesMode.LEAVE);
        replicaIdentity = Objects.requireNonNullElse(replicaIdentity, ReplicaIdentityMode.KEEP);
        ddl = Objects.requireNonNullElse(ddl, DdlSpec.DEFAULT);
        fallback = Objects.requireNonNullElse(fallback, FallbackSpec.NONE);
        hooks = hooks == null ? List.of() : List.copyOf(hooks);
    }

    /**
     * A migration that is verified, whose changes of definitions are noticed, and that has no way back, as if nothing
     * were said of it.
     */
    public MigrationSpec(
            String name,
            ServerSpec source,
            ServerSpec target,
            List<DatabasePair> databases,
            SchemaMode schema,
            RolesMode roles,
            ReplicaIdentityMode replicaIdentity,
            LoadSpec load,
            CutoverSpec cutover,
            Optional<ClusterSpec> cluster) {
        this(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                VerificationSpec.DEFAULT,
                DdlSpec.DEFAULT,
                FallbackSpec.NONE,
                List.of(),
                cluster);
    }

    /** The same migration with other servers: after literal passwords became references. */
    public MigrationSpec withServers(ServerSpec otherSource, ServerSpec otherTarget) {
        return new MigrationSpec(
                name,
                otherSource,
                otherTarget,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                verification,
                ddl,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration with another answer for roles and rights. */
    public MigrationSpec withRoles(RolesMode other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                other,
                replicaIdentity,
                load,
                cutover,
                verification,
                ddl,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration with another answer for tables that cannot be published as they are. */
    public MigrationSpec withReplicaIdentity(ReplicaIdentityMode other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                other,
                load,
                cutover,
                verification,
                ddl,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration with another way to load. */
    public MigrationSpec withLoad(LoadSpec other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                other,
                cutover,
                verification,
                ddl,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration with another way to cut over. */
    public MigrationSpec withCutover(CutoverSpec other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                other,
                verification,
                ddl,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration verified in another way. */
    public MigrationSpec withVerification(VerificationSpec other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                other,
                ddl,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration with another way to notice changes of definitions. */
    public MigrationSpec withDdl(DdlSpec other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                verification,
                other,
                fallback,
                hooks,
                cluster);
    }

    /** The same migration with or without a way back. */
    public MigrationSpec withFallback(FallbackSpec other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                verification,
                ddl,
                other,
                hooks,
                cluster);
    }

    /** The same migration with other hooks. */
    public MigrationSpec withHooks(List<HookSpec> other) {
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                verification,
                ddl,
                fallback,
                other,
                cluster);
    }

    /**
     * What the way back of a pair is led by: the same migration with its sides exchanged, into tables that are there.
     */
    public MigrationSpec back(DatabasePair pair) {
        return new MigrationSpec(
                name,
                /* source= */ target,
                /* target= */ source,
                List.of(pair.exchanged()),
                SchemaMode.EXISTING,
                RolesMode.LEAVE,
                replicaIdentity,
                LoadSpec.DEFAULT,
                cutover,
                verification,
                DdlSpec.DEFAULT,
                FallbackSpec.NONE,
                List.of(),
                cluster);
    }
}
