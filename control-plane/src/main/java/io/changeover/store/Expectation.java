package io.changeover.store;

import io.changeover.migration.Migration;
import io.changeover.migration.NotAsSeen;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a thread expects of the migration that it changes next; every thread has its own. */
final class Expectation {

    private static final ThreadLocal<@Nullable Predicate<Migration>> EXPECTED = new ThreadLocal<>();

    /** The next change is made only of a migration that is so. */
    void set(Predicate<Migration> asSeen) {
        EXPECTED.set(asSeen);
    }

    /** Any is right. */
    void clear() {
        EXPECTED.remove();
    }

    /**
     * Checks it once: what the thread does after its first change it does to what it has made itself.
     *
     * @throws NotAsSeen if the migration is another
     */
    void require(Migration found) {
        Predicate<Migration> asSeen = EXPECTED.get();
        EXPECTED.remove();
        if (asSeen != null && !asSeen.test(found)) {
            throw new NotAsSeen(found.name());
        }
    }
}
