package io.changeover.spec;

/**
 * One thing that is wrong in what a person asked for.
 *
 * @param file the file's name as it was given; empty for a request body
 * @param line the line it is on, from 1; 0 where there are no lines
 * @param key {@code spec.source.port} in a file, the JSON pointer {@code /source/port} in a request body
 * @param message what is wrong and what is allowed; never a password
 */
public record Problem(String file, int line, String key, String message) {

    /** {@code file:line: key: message}, without what is empty. */
    @Override
    public String toString() {
        String where = file + (line > 0 ? ":" + line : "");
        return (where.isEmpty() ? "" : where + ": ") + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
