package io.changeover.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/** SQL in files next to the tests. */
final class Scripts {

    private static final Pattern TRANSACTION = Pattern.compile("^-- transaction.*$", Pattern.MULTILINE);

    private Scripts() {}

    /** The whole of a file. */
    static String text(String file) throws IOException {
        try (var in = Objects.requireNonNull(Scripts.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A file's parts, each of which begins with {@code -- transaction}. */
    static String[] transactions(String file) throws IOException {
        return TRANSACTION
                .splitAsStream(text(file))
                .filter(sql -> !sql.isBlank())
                .toArray(String[]::new);
    }
}
