package io.changeover.bench.load;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a source holds. */
public enum LoadShape {
    /** One table of five columns. */
    NARROW {
        @Override
        List<LoadTable> tables(long rows) {
            return List.of(LoadTable.narrow("narrow", rows));
        }
    },
    /** One table of twenty columns; a fifth of the rows. */
    WIDE {
        @Override
        List<LoadTable> tables(long rows) {
            return List.of(LoadTable.wide("wide", rows / 5));
        }
    },
    /** Nine tables of five columns, one of which holds 60 % of all rows. */
    SKEWED {
        @Override
        List<LoadTable> tables(long rows) {
            return Stream.concat(
                            IntStream.rangeClosed(1, 8).mapToObj(i -> LoadTable.narrow("small_" + i, rows / 20)),
                            Stream.of(LoadTable.narrow("large", rows * 3 / 5)))
                    .toList();
        }
    },
    /** Five thousand tables of five columns; not one of those that {@link #ALL} stands for. */
    MANY {
        @Override
        List<LoadTable> tables(long rows) {
            return IntStream.rangeClosed(1, 5000)
                    .mapToObj(i -> LoadTable.narrow("table_" + i, rows / 5000))
                    .toList();
        }
    },
    /** The first three. */
    ALL {
        @Override
        List<LoadTable> tables(long rows) {
            throw new IllegalStateException("not one shape");
        }
    };

    abstract List<LoadTable> tables(long rows);

    List<LoadShape> each() {
        return this == ALL ? List.of(NARROW, WIDE, SKEWED) : List.of(this);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
