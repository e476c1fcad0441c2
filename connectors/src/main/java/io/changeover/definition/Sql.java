package io.changeover.definition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/** The statements that read catalogs, as a server of any version takes them. */
final class Sql {

    /** From here on, a constant default of a new column is kept beside the rows that were there. */
    private static final int MISSING_VALUES = 11;

    private Sql() {}

    static String read(String file, Connection connection) throws SQLException {
        boolean keeps = connection.getMetaData().getDatabaseMajorVersion() >= MISSING_VALUES;
        try (InputStream in = Sql.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .reduce("", (all, line) -> all + line + "\n")
                    .replace("{missing}", keeps ? "coalesce(a.atthasmissing, false)" : "false")
                    .replace("{value}", keeps ? "pg_catalog.array_to_string(a.attmissingval, '')" : "''");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
