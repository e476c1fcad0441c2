package io.changeover.roles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads every right in a database, of any version from 9.6 on. */
final class RightsReader {

    /** Which words have to be quoted differs between versions. */
    static final String QUOTED = "set quote_all_identifiers = on";

    private static final String SQL = statement();

    private RightsReader() {}

    static List<Right> read(Connection connection) throws SQLException {
        List<Right> rights = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(QUOTED);
            try (ResultSet rows = statement.executeQuery(SQL)) {
                while (rows.next()) {
                    rights.add(right(rows));
                }
            }
        }
        return List.copyOf(rights);
    }

    private static Right right(ResultSet row) throws SQLException {
        return new Right(
                new Right.Place(row.getString("kind"), row.getString("identity"), row.getString("name")),
                row.getBoolean("foreign_to_us"),
                row.getString("owner"),
                Optional.ofNullable(row.getString("grantee")),
                row.getString("privilege_type"),
                row.getBoolean("grantable"),
                row.getBoolean("now"),
                row.getBoolean("before"));
    }

    private static String statement() {
        try (InputStream in = RightsReader.class.getResourceAsStream("rights.sql")) {
            if (in == null) {
                throw new IllegalStateException("rights.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
