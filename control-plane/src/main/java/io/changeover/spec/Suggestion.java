package io.changeover.spec;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a person who wrote an unknown word may have meant. */
public final class Suggestion {

    private Suggestion() {}

    /** {@code "did you mean x? "}, or nothing if no word is near; then all that is allowed. */
    public static String among(String written, List<String> allowed) {
        String all = "allowed are " + String.join(", ", allowed);
        return allowed.stream()
                .min(Comparator.comparingInt(word -> distance(written, word)))
                .filter(word -> distance(written, word) <= Math.max(2, word.length() / 3))
                .map(word -> "did you mean " + word + "? " + all)
                .orElse(all);
    }

    /** Levenshtein's distance without regard to case, dashes and underscores. */
    private static int distance(String left, String right) {
        String a = plain(left);
        String b = plain(right);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }
}
