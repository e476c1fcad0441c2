package io.changeover.preflight;

import io.changeover.postgres.Identifier;
import java.time.Duration;

/**
 * What both servers are asked, through the connection to one of their databases.
 *
 * @param object what findings call the server
 * @param host its name or address in the migration file
 * @param provider who runs it
 * @param version server_version_num, 140023 for 14.23
 * @param standby whether it is in recovery, so that nothing can be written
 * @param ahead how far its clock is ahead of this machine's
 * @param role who we are there
 */
record ServerFacts(
        String object, String host, Provider provider, int version, boolean standby, Duration ahead, RoleFacts role) {

    /** 9.6 is 9, 14.23 is 14. */
    int major() {
        return version / 10_000;
    }

    /** {@code 14.23}, {@code 9.6.24}. */
    String versionText() {
        return major() >= 10
                ? major() + "." + version % 10_000
                : major() + "." + version / 100 % 100 + "." + version % 100;
    }

    /** The statement that gives our role the rights of another, also where it is a member that does not inherit. */
    String grant(String group) {
        String us = Identifier.quote(role.name());
        String grant = "grant " + Identifier.quote(group) + " to " + us;
        if (role.inherits()) {
            return grant + ";";
        }
        return major() >= 16 ? grant + " with inherit true;" : "alter role " + us + " inherit; " + grant + ";";
    }

    /**
     * The role of the connection.
     *
     * @param name its name
     * @param replicates superuser, REPLICATION, or a member of RDS's rds_replication or rds_superuser
     * @param endsSessions superuser or a member of pg_signal_backend or rds_superuser
     * @param seesSessions superuser or a member of pg_read_all_stats
     * @param inherits whether it has the rights of the roles that it is a member of without SET ROLE; from PostgreSQL
     *     16 on each membership says that itself, and this is only what new ones begin with
     */
    record RoleFacts(String name, boolean replicates, boolean endsSessions, boolean seesSessions, boolean inherits) {}
}
