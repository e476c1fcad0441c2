package io.changeover.capture;

import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * Reads a table as COPY writes it: the text of the types' output functions. A cast to text is another thing: it takes
 * the padding off char(n), for one.
 */
final class CopyText {

    private CopyText() {}

    /** The rows of a query, as maps from column to text or null. */
    static List<Map<String, String>> read(Connection connection, String query) throws SQLException, IOException {
        StringWriter out = new StringWriter();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy (" + query + ") to stdout", out);
        List<String> names = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select * from (" + query + ") q limit 0")) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                names.add(rows.getMetaData().getColumnName(i));
            }
        }
        return out.toString().lines().map(line -> row(names, line)).toList();
    }

    private static Map<String, String> row(List<String> names, String line) {
        String[] fields = line.split("\t", -1);
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            row.put(names.get(i), fields[i].equals("\\N") ? null : unescape(fields[i]));
        }
        return row;
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            i++;
            text.append(
                    switch (field.charAt(i)) {
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 'v' -> '\u000b';
                        default -> field.charAt(i);
                    });
        }
        return text.toString();
    }
}
