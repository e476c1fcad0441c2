package io.changeover.verify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether two definitions that PostgreSQL has written mean the same. A definition that went through a dump is not
 * always written as before: {@code status in ('a', 'b')} on a varchar column is first {@code (ARRAY['a'::character
 * varying, …])::text[]} and after a restore {@code ARRAY[('a'::character varying)::text, …]}. So in definitions with an
 * array, casts, brackets and blanks outside of quotes do not count. A bit string's {@code B} does not count either,
 * which older servers write before the quote.
 */
final class Definition {

    private static final Pattern NOISE = Pattern.compile("""
            ('(?:[^']|'')*'|"(?:[^"]|"")*")\
            |::(?:(?:[\\w$]+|"(?:[^"]|"")+")\\.)?(?:[\\w$]+|"(?:[^"]|"")+")\
            (?:\\ (?:varying|precision|with(?:out)?\\ time\\ zone))?(?:\\(\\d+(?:,\\d+)?\\))?\
            (?:\\ with(?:out)?\\ time\\ zone)?(?:\\[\\])*\
            |[()\\s]+""", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern BITS = Pattern.compile("\\bB('[01]+'::)");

    private Definition() {}

    static boolean same(String one, String other) {
        return sameWords(BITS.matcher(one).replaceAll("$1"), BITS.matcher(other).replaceAll("$1"));
    }

    private static boolean sameWords(String one, String other) {
        return one.equals(other)
                || (one.contains("ARRAY[")
                        && other.contains("ARRAY[")
                        && skeleton(one).equals(skeleton(other)));
    }

    private static String skeleton(String definition) {
        return NOISE.matcher(definition)
                .replaceAll(match -> match.group(1) == null ? "" : Matcher.quoteReplacement(match.group(1)));
    }
}
