package io.changeover.definition;

import io.changeover.contract.ColumnDefinition;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the target fits a definition of the source. */
public sealed interface Verdict {

    /** The definition is the one that was accepted last. */
    record Same() implements Verdict {}

    /**
     * The definition is another one, and the target fits.
     *
     * @param next to be accepted
     * @param doubtful columns that the source gave to rows that were there: whether the target's rows have the same in
     *     them, only a look at the rows tells
     */
    record Fits(AcceptedDefinition next, List<ColumnDefinition> doubtful) implements Verdict {
        public Fits {
            doubtful = List.copyOf(doubtful);
        }
    }

    /** The target does not fit: nothing of this definition may be written. */
    record Unfit(List<Difference> differences) implements Verdict {
        public Unfit {
            differences = List.copyOf(differences);
        }

        /** All of it in words. */
        public String words() {
            return differences.stream().map(Difference::words).collect(Collectors.joining("; "));
        }
    }
}
