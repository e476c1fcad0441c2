package io.changeover.faults;

/**
 * What was said on a connection just now, with the end of what was said before: a phrase may come in two pieces.
 *
 * @param text as ISO 8859-1
 * @param old how many characters of it were there before
 */
record SaidText(String text, int old) {

    private static final int LONGEST_PHRASE = 80;

    static final SaidText NOTHING = new SaidText("", 0);

    SaidText next(String piece) {
        String end = text.substring(Math.max(0, text.length() - LONGEST_PHRASE));
        return new SaidText(end + piece, end.length());
    }

    /** How often a phrase has ended in the new piece. */
    int count(String phrase) {
        int count = 0;
        for (int at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
            count += at + phrase.length() > old ? 1 : 0;
        }
        return count;
    }
}
