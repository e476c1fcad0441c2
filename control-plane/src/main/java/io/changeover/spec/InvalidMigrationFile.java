package io.changeover.spec;

import java.util.List;
import java.util.stream.Collectors;

/** A migration file, or a request body in its place, with all that is wrong in it. */
public final class InvalidMigrationFile extends Exception {

    private final transient List<Problem> problems;

    InvalidMigrationFile(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the file; at least one. */
    public List<Problem> problems() {
        return problems;
    }
}
