package io.changeover.runner;

import io.changeover.ddl.DdlRecorder;
import io.changeover.migration.Side;
import io.changeover.postgres.Identifier;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.ReplicaIdentityMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a pair's migration leaves on servers that nobody reaches any more: for each thing a sentence and the SQL that
 * removes it, if the server should be there again after all. Whether it was made is not known; each statement does
 * nothing where there is nothing.
 */
final class Leftovers {

    private Leftovers() {}

    /**
     * Says it.
     *
     * @param gone the servers
     * @param identities statements that put replica identities of the source back, as far as the target has told
     */
    static List<String> of(Pair pair, Set<Side> gone, List<String> identities) {
        List<String> left = new ArrayList<>();
        if (gone.contains(Side.SOURCE)) {
            source(pair, left);
            identities.forEach(sql -> left.add(onSource(pair) + "a replica identity: " + sql));
        }
        if (gone.contains(Side.TARGET)) {
            target(pair, left);
        }
        boolean unknown =
                gone.contains(Side.TARGET) && pair.spec().replicaIdentity() == ReplicaIdentityMode.FULL_WHERE_MISSING;
        if (unknown) {
            left.add(onSource(pair) + "replica identities that were made FULL, and only the target knew which: select"
                    + " oid::regclass from pg_class where relkind = 'r' and relreplident = 'f'; for each alter table …"
                    + " replica identity default");
        }
        return left;
    }

    private static void source(Pair pair, List<String> left) {
        String here = onSource(pair);
        String slot = pair.names().slot();
        left.add(here + "the replication slot " + slot
                + ", which keeps the server's WAL as soon as it runs again: select"
                + " pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '" + slot + "'");
        left.add(here + "the publication " + pair.names().publication() + ": drop publication if exists "
                + Identifier.quote(pair.names().publication()));
        if (pair.spec().ddl().eventTrigger()) {
            DdlRecorder.TRIGGERS.forEach(trigger ->
                    left.add(here + "the event trigger " + trigger + ": drop event trigger if exists " + trigger));
        }
        left.add(here
                + "the schema changeover, if no other migration uses it: drop schema if exists changeover cascade");
        left.add(here + "that it is read-only, if a cutover was under way or is done: alter database "
                + Identifier.quote(pair.source().database()) + " reset default_transaction_read_only");
    }

    private static void target(Pair pair, List<String> left) {
        String here = "On the target " + pair.target() + ": ";
        left.add(here + "triggers, rules and foreign keys that were set aside: changeover.guard has them");
        if (pair.spec().load().existingIndexes() == ExistingIndexMode.REBUILD) {
            left.add(here + "indexes that were dropped for the load: changeover.dropped_indexes has their definitions");
        }
        left.add(here + "the schema changeover, when that is put back: drop schema if exists changeover cascade");
    }

    private static String onSource(Pair pair) {
        return "On the source " + pair.source() + ": ";
    }
}
