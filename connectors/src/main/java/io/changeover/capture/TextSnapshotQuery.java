package io.changeover.capture;

import io.changeover.postgres.Connections;
import io.debezium.snapshot.spi.SnapshotQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What Debezium's snapshot selects: every column as the text that COPY would write. A cast to text is something else,
 * which takes the padding off {@code char(n)}; {@code format} calls the type's output function. Where the value is NULL
 * it would write nothing, and {@code is null} is true for a composite of NULLs: hence {@code num_nulls}.
 */
public final class TextSnapshotQuery implements SnapshotQuery {

    /** By which the configuration chooses this query. */
    static final String NAME = "changeover";

    /** What a connector has to be given for its snapshot to be in PostgreSQL's canonical text. */
    static final Map<String, String> SETTINGS = Map.of(
            "snapshot.query.mode",
            "custom",
            "snapshot.query.mode.custom.name",
            NAME,
            "converters",
            "text",
            "text.type",
            TextConverter.class.getName(),
            // or columns of types that Debezium does not know are left out
            "include.unknown.datatypes",
            "true",
            "event.converting.failure.handling.mode",
            "fail",
            "driver.options",
            Connections.canonicalOptions(),
            // what the driver sets itself when it connects goes before its options: the time zone
            "database.initial.statements",
            Connections.canonicalStatements());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> properties) {}

    /**
     * The query for a table.
     *
     * @param table its name, quoted by Debezium
     * @param columns their names, quoted by Debezium
     */
    @Override
    public Optional<String> snapshotQuery(String table, List<String> columns) {
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(columns.stream()
                        .map(TextSnapshotQuery::text)
                        .collect(Collectors.joining(", ", "select ", " from only " + table)));
    }

    private static String text(String column) {
        return "case when pg_catalog.num_nulls(" + column + ") = 0 then pg_catalog.format('%s', " + column + ") end as "
                + column;
    }
}
