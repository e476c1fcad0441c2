package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.checker.Catalog;
import io.changeover.e2e.Api;
import io.changeover.e2e.Servers;
import java.sql.SQLException;
import java.time.Duration;

/** The way back of a migration, whose application writes to the target, and to the source again when it is over. */
record FaultyRollback(FaultyMigration migration) {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Completes the migration; the old source follows then, and the application writes to the target. */
    static FaultyRollback of(FaultyMigration migration) {
        migration.cutOver();
        await("the cutover").atMost(PATIENCE).until(() -> migration.state().equals("COMPLETED"));
        migration.applicationGoesToTarget(true);
        var unused =
                migration.api().awaitEnd(migration.databases()); // or its comparison would be taken for the next one
        FaultyRollback rollback = new FaultyRollback(migration);
        rollback.awaitPhase("FOLLOWING");
        migration.awaitWrites(PATIENCE);
        return rollback;
    }

    /** Asks for it; there is another one already, it cannot begin now, or nobody answers. */
    void ask() {
        String pair =
                migration.databases().migration() + "/" + migration.databases().name();
        try {
            var unused = migration
                    .api()
                    .post(
                            "/migrations/" + pair.replace("/", "/databases/") + "/rollback",
                            "{\"confirm\":\"" + pair + "\"}");
        } catch (IllegalStateException e) {
            // it is asked again
        }
    }

    /** No fault any more: what is not rolled back is; nothing is lost, doubled, in half or different. */
    void end() throws SQLException {
        migration.source().forget();
        migration.target().forget();
        migration.source().mend();
        migration.target().mend();
        await("the pair to be rolled back").atMost(PATIENCE).until(() -> {
            migration.startIfFailed();
            if (migration.state().equals("COMPLETED")) {
                ask();
            }
            return migration.state().equals("ROLLED_BACK");
        });
        migration.applicationGoesToTarget(false);
        migration.awaitWrites(PATIENCE);
        JsonNode end = awaitPhase("ENDED");
        migration.application().close();
        assertThat(migration.application().violationsOn(migration.databases().source(Servers.MIGRATOR)))
                .isEmpty();
        if (end.path("comparison").path("atTheFence").asBoolean()) { // the source has been written to since
            Api.assertEqual(end);
        }
        assertThat(Catalog.lines(migration.databases().target(Servers.MIGRATOR)))
                .isEqualTo(Catalog.lines(migration.databases().source(Servers.MIGRATOR)));
    }

    private JsonNode awaitPhase(String phase) {
        return await("the phase " + phase + " of the way back")
                .atMost(PATIENCE)
                .ignoreException(IllegalStateException.class)
                .until(
                        () -> migration.api().database(migration.databases()).path("fallback"),
                        back -> back.path("phase").asText().equals(phase));
    }
}
