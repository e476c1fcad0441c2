package io.changeover.runner;

import io.changeover.migration.AuditEntry;
import io.changeover.migration.Change;
import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.Way;
import io.changeover.store.MigrationStore;
import io.changeover.verify.live.Memory;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * What the verification of a pair has found, as the store remembers it.
 *
 * @param database the source database of the pair, also of the way back
 */
record StoredVerification(MigrationStore store, String migration, String database, Way way, Clock clock)
        implements Memory {

    @Override
    public VerificationResult remembered() {
        return store.verified(migration, database, way);
    }

    @Override
    public void keep(VerificationChange change) {
        Instant now = clock.instant();
        List<AuditEntry> entries = change.events().stream()
                .map(event -> new AuditEntry(
                        now,
                        migration,
                        event.cause().who(),
                        event.cause().what(),
                        List.of(new Change(database, what(event), event.before(), event.after()))))
                .toList();
        store.verified(migration, database, way, change, entries);
    }

    private String what(VerificationChange.Event event) {
        String of = event.about().isEmpty() ? "" : " of " + event.about();
        return "verification" + of + (way == Way.BACK ? " on the way back" : "");
    }
}
