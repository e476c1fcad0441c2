package io.changeover.faults;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** When a fault strikes. */
enum Phase {
    /** The first rows are asked for. */
    LOAD(true, Moment.request("copy "), "changeover-load"),
    /** Some time while the target follows. */
    STREAM(true, Moment.request("select"), "changeover-observer"),
    /** The tables are about to be locked. */
    FENCE(true, Moment.request("lock table only"), "changeover-fence"),
    /** The marker behind the fence is about to be written. */
    DRAIN(true, Moment.request("lock table only"), "changeover-fence") {
        /** The verification writes markers, too, but not behind the fence. */
        @Override
        CompletableFuture<Void> when(Link left, Link other, Runnable then) {
            return super.when(left, other, () -> {})
                    .thenCompose(fenced -> left.at(MARKER, Link.of("changeover-marker"), then));
        }
    },
    /** The sequences of the target are about to be set. */
    SEQUENCES(false, Moment.request("setval"), "changeover-marker"),
    /** Triggers are back and the stream is taken, and nobody knows. */
    TAKE_OVER(false, Moment.answer("COMMIT\0"), "changeover-marker"),
    /** Materialized views are about to be refreshed. */
    VIEWS(false, Moment.request("efresh materialized view"), "changeover-marker"),
    /** New sessions of the source are read-only, and nobody knows. */
    READ_ONLY(true, Moment.answer("ALTER DATABASE"), "changeover-fence"),
    /** The sessions of the source are about to be ended. */
    SESSIONS(true, Moment.request("pg_terminate_backend"), "changeover-fence"),
    /** The switch is recorded, and the comparison of all rows begins. */
    COMPARISON(true, Moment.request("c.relispopulated,"), "changeover-verify"),
    /** The slot is about to be dropped. */
    COMPLETED(true, Moment.request("pg_drop_replication_slot"), "changeover-control"),
    /** Of a rollback: it is recorded, nobody can write to either side, and the old source is about to be opened. */
    OPEN(false, Moment.request("reset default_transaction_read_only"), "changeover-fence");

    /** A value of 43 ('+') bytes. */
    private static final Moment MARKER = Moment.request("+marker ");

    private final boolean onSource;
    private final Moment moment;
    private final String application;

    Phase(boolean onSource, Moment moment, String application) {
        this.onSource = onSource;
        this.moment = moment;
        this.application = application;
    }

    boolean isInCutover() {
        return this != LOAD && this != STREAM;
    }

    /** Has something done when it comes. */
    CompletableFuture<Void> when(FaultyMigration migration, Runnable then) {
        return when(migration.source(), migration.target(), then);
    }

    /** The same in a rollback, where the target is left. */
    CompletableFuture<Void> whenBack(FaultyMigration migration, Runnable then) {
        return when(migration.target(), migration.source(), then);
    }

    CompletableFuture<Void> when(Link left, Link other, Runnable then) {
        Predicate<Optional<String>> whose = Link.of(application);
        return (onSource ? left : other).at(moment, whose, then);
    }
}
