package io.changeover.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong in one document, so that a person reads all of it at once. Used by one thread. */
final class Problems {

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Place place, String message) {
        found.add(new Problem(file, place.line(), place.key(), message));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Every problem, by line. */
    InvalidMigrationFile asException() {
        return new InvalidMigrationFile(
                found.stream().sorted(Comparator.comparingInt(Problem::line)).toList());
    }
}
