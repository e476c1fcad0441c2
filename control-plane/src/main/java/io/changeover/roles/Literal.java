package io.changeover.roles;

/** Text in SQL, where a value cannot be bound. */
final class Literal {

    private Literal() {}

    /** A string constant that means the same whatever standard_conforming_strings says. */
    static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("PostgreSQL's text holds no zero byte");
        }
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
    }
}
