package io.changeover.spec;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A password that lies elsewhere, in Kafka's notation: <code>${env:NAME}</code>, <code>${file:/path:key}</code>, <code>
 * ${dir:/path:file}</code>.
 *
 * @param provider {@code env}, {@code file} or {@code dir}, or a word that nobody knows
 * @param path the file or directory; empty for {@code env}
 * @param key the variable, the key in the file, or the file in the directory
 */
record SecretReference(String provider, String path, String key) {

    /** Kafka's own pattern (ConfigTransformer), for a text that is one reference and nothing else. */
    private static final Pattern WHOLE = Pattern.compile("\\$\\{([^}]*?):(([^}]*?):)?([^}]*?)}");

    private static final Pattern INSIDE = Pattern.compile("\\$\\{(env|file|dir):[^}]*}");

    /** The reference that the text is; empty if it is a password itself. */
    static Optional<SecretReference> parse(String text) {
        Matcher matcher = WHOLE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String path = Optional.ofNullable(matcher.group(3)).orElse("");
        return Optional.of(new SecretReference(matcher.group(1), path, matcher.group(4)));
    }

    /** A text in which each reference is replaced by what it leads to. */
    static String replaced(String text, UnaryOperator<String> value) {
        return WHOLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value.apply(found.group())));
    }

    /** Whether there is one in the text. */
    static boolean isIn(String text) {
        return WHOLE.matcher(text).find();
    }

    /** Whether the text is a reference with other characters around it, which no one can have meant. */
    static boolean isMixed(String text) {
        return parse(text).isEmpty() && INSIDE.matcher(text).find();
    }
}
