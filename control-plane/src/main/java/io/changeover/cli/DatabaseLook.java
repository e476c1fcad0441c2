package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.DatabaseState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API says of a database pair and its tables at one moment. */
record DatabaseLook(Views.DatabaseView view, List<Views.TableView> tables) {

    /** A look at every pair of a migration, with all their tables. */
    static List<DatabaseLook> all(ApiClient client, String migration) {
        return all(client, migration, Integer.MAX_VALUE);
    }

    /**
     * The same.
     *
     * @param mostTables tables of each pair; of more than that those with the most to tell
     */
    static List<DatabaseLook> all(ApiClient client, String migration, int mostTables) {
        Views.MigrationView found = client.migration(migration)
                .orElseThrow(() -> new CommandFailed(ExitCode.USAGE, "There is no migration " + migration));
        return found.databases().stream()
                .map(database -> new DatabaseLook(
                        client.database(migration, database.source()),
                        tables(client, migration, database.source(), mostTables)))
                .toList();
    }

    private static List<Views.TableView> tables(ApiClient client, String migration, String database, int most) {
        if (most == 0) {
            return List.of();
        }
        return most == Integer.MAX_VALUE
                ? client.tables(migration, database)
                : client.tables(migration, database, Map.of("sort", "-activity", "limit", String.valueOf(most)));
    }

    /** What is pending, while that means something: after the switch the source goes on without the target. */
    static Optional<Views.PendingView> pending(Views.DatabaseView view) {
        return view.pending().filter(pending -> !view.state().equals(DatabaseState.COMPLETED.name()));
    }

    /**
     * Whether nothing more happens by itself; a completed pair is at rest when it was compared, and when no old source
     * follows it.
     */
    boolean atRest() {
        DatabaseState state = DatabaseState.valueOf(view.state());
        if (view.asked().isPresent()) {
            return false;
        }
        return switch (state) {
            case CREATED, FAILED, CANCELLED -> true;
            case COMPLETED ->
                view.comparison().isPresent()
                        && view.cleanedUp()
                        && (view.fallback().isEmpty() || isBackAt("ENDED"));
            case ROLLED_BACK -> isBackAt("ENDED");
            case PREFLIGHT,
                    SCHEMA,
                    FULL_LOAD,
                    CATCHING_UP,
                    READY_TO_CUTOVER,
                    PAUSED,
                    STOPPED,
                    CUTTING_OVER,
                    ROLLING_BACK -> false;
        };
    }

    private boolean isBackAt(String phase) {
        return view.fallback().filter(back -> back.phase().equals(phase)).isPresent();
    }
}
