package io.changeover.runner;

import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Side;
import io.changeover.migration.Wish;
import io.changeover.postgres.Connections;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.UnresolvedSecret;
import io.changeover.store.MigrationStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The end of pairs of which a server is gone for ever. */
record Abandonment(MigrationStore store, Runners runners, Secrets secrets) {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** As {@link ControlPlane#requestWithout}. */
    Map<String, String> request(String who, String migration, Optional<String> source, Wish wish, Set<Side> gone) {
        MigrationSpec spec = store.get(migration).orElseThrow().spec();
        Map<String, String> answering = new LinkedHashMap<>();
        for (DatabasePair pair : spec.databases()) {
            if (source.isEmpty() || source.get().equals(pair.source())) {
                answering(spec, pair, gone).ifPresent(why -> answering.put(pair.source(), why));
            }
        }
        Map<String, String> refusals = new LinkedHashMap<>();
        Migration after =
                store.update(migration, new AuditEntry.Cause(who, wish.name().toLowerCase(Locale.ROOT)), before -> {
                    refusals.clear();
                    Migration changed = before;
                    for (DatabaseStatus status : before.databases()) {
                        String database = status.pair().source();
                        if (source.isEmpty() || source.get().equals(database)) {
                            Optional<String> refusal =
                                    Optional.ofNullable(answering.get(database)).or(() -> wish.refusedTo(status, gone));
                            refusal.ifPresent(why -> refusals.put(database, why));
                            changed = refusal.isPresent()
                                    ? changed
                                    : changed.with(status.pair(), found -> found.wishing(wish, gone, who));
                        }
                    }
                    return changed;
                });
        runners.lead(after);
        return refusals;
    }

    /** What would be left on a server that is there is removed with the usual cancel. */
    private Optional<String> answering(MigrationSpec spec, DatabasePair pair, Set<Side> gone) {
        for (Side side : new TreeSet<>(gone)) {
            ServerSpec server = side == Side.SOURCE ? spec.source() : spec.target();
            String database = side == Side.SOURCE ? pair.source() : pair.target();
            if (answers(server, database)) {
                return Optional.of("the " + side.word() + " " + server.host() + ":" + server.port()
                        + " answers: ask again without it being called gone, and what was made there is removed");
            }
        }
        return Optional.empty();
    }

    private boolean answers(ServerSpec server, String database) {
        try {
            Connections.open(secrets.resolve(server, database), "changeover-control", PATIENCE)
                    .close();
            return true;
        } catch (SQLException | UnresolvedSecret e) {
            return false; // also where the role or the database is gone: nothing can be removed there
        }
    }
}
