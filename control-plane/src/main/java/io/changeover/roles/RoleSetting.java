package io.changeover.roles;

import io.changeover.postgres.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A setting with which the sessions of a role, of a database, or of a role in a database begin.
 *
 * @param role whose; empty: of every role
 * @param ofDatabase whether it is for the migrated database only
 * @param name the parameter
 * @param value as the catalog has it
 */
record RoleSetting(Optional<String> role, boolean ofDatabase, String name, String value) {

    /** Parameters that are a list of names, which the catalog has as one text. */
    private static final Set<String> LISTS = Set.of(
            "local_preload_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories");

    /** What sets it, in a database of this name. */
    String statement(String database) {
        return alter(database) + " set " + Identifier.quote(name) + " to " + written();
    }

    /** The same for people: a parameter that an application has invented may hold a secret. */
    String shown(String database) {
        return name.indexOf('.') < 0
                ? statement(database) + ";"
                : alter(database) + " set " + Identifier.quote(name) + " to …; (the value as on the source)";
    }

    private String alter(String database) {
        String in = Identifier.quote(database);
        return role.map(name -> "alter role " + Identifier.quote(name) + (ofDatabase ? " in database " + in : ""))
                .orElse("alter database " + in);
    }

    private String written() {
        if (!LISTS.contains(name.toLowerCase(Locale.ROOT))) {
            return Literal.quote(value);
        }
        List<String> names = names(value);
        return names.isEmpty() ? "''" : names.stream().map(Literal::quote).collect(Collectors.joining(", "));
    }

    /** The names of a list, without the quotes that they have in it. */
    private static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < list.length()) {
            StringBuilder name = new StringBuilder();
            boolean quoted = false;
            for (; at < list.length() && (quoted || list.charAt(at) != ','); at++) {
                char letter = list.charAt(at);
                boolean doubled = quoted && letter == '"' && at + 1 < list.length() && list.charAt(at + 1) == '"';
                if (letter == '"' && !doubled) {
                    quoted = !quoted;
                } else if (quoted || !Character.isWhitespace(letter)) {
                    name.append(letter);
                    at += doubled ? 1 : 0;
                }
            }
            at++;
            names.add(name.toString());
        }
        return names;
    }
}
