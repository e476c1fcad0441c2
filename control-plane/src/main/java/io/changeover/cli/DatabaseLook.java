package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.migration.DatabaseState;
import java.util.List;
import java.util.Optional;

/** What the API says of a database pair and its tables at one moment. */
record DatabaseLook(Views.DatabaseView view, List<Views.TableView> tables) {

    /** A look at every pair of a migration. */
    static List<DatabaseLook> all(ApiClient client, String migration) {
        Views.MigrationView found = client.migration(migration)
                .orElseThrow(() -> new CommandFailed(ExitCode.USAGE, "There is no migration " + migration));
        return found.databases().stream()
                .map(database -> new DatabaseLook(
                        client.database(migration, database.source()), client.tables(migration, database.source())))
                .toList();
    }

    /** What is pending, while that means something: after the switch the source goes on without the target. */
    static Optional<Views.PendingView> pending(Views.DatabaseView view) {
        return view.pending().filter(pending -> !view.state().equals(DatabaseState.COMPLETED.name()));
    }

    /** Whether nothing more happens by itself; a completed pair is at rest when it was compared. */
    boolean atRest() {
        DatabaseState state = DatabaseState.valueOf(view.state());
        if (view.asked().isPresent()) {
            return false;
        }
        return switch (state) {
            case CREATED, FAILED, CANCELLED -> true;
            case COMPLETED -> view.comparison().isPresent() && view.cleanedUp();
            case PREFLIGHT, SCHEMA, FULL_LOAD, CATCHING_UP, READY_TO_CUTOVER, PAUSED, STOPPED, CUTTING_OVER -> false;
        };
    }
}
