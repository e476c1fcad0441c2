package io.changeover.capture.wal;

/** Reads a line of test_decoding from left to right. */
final class PlainText {

    private final String text;
    private int at;

    PlainText(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    boolean looksAt(String expected) {
        return text.startsWith(expected, at);
    }

    boolean skip(String expected) {
        boolean there = looksAt(expected);
        at += there ? expected.length() : 0;
        return there;
    }

    void expect(String expected) {
        if (!skip(expected)) {
            throw new UndecodableException("test_decoding sent something unknown: no '" + expected + "' at character "
                    + at + " of a line that begins with '" + text.substring(0, Math.min(text.length(), 6)) + "'");
        }
    }

    String rest() {
        return text.substring(at);
    }

    long number() {
        return Long.parseLong(until(' '));
    }

    /** Everything up to a character or the end. */
    String until(char end) {
        int to = text.indexOf(end, at);
        int stop = to < 0 ? text.length() : to;
        String before = text.substring(at, stop);
        at = stop;
        return before;
    }

    /** An identifier as quote_identifier() writes it. */
    String identifier() {
        if (peek() == '"') {
            return quoted('"');
        }
        int from = at;
        while (!atEnd() && (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '$')) {
            at++;
        }
        return text.substring(from, at);
    }

    /** A type's name up to the bracket and colon behind it, which a quoted name may contain. */
    void skipType() {
        while (!text.startsWith("]:", at)) {
            if (peek() == '"') {
                quoted('"');
            } else {
                at++;
            }
        }
        at += 2;
    }

    /** A text between quotes, in which the quote itself is doubled. */
    String quoted(char quote) {
        StringBuilder content = new StringBuilder();
        int from = ++at;
        while (true) {
            int to = text.indexOf(quote, from);
            if (to < 0) {
                throw new UndecodableException("test_decoding sent a line without its closing quote");
            }
            content.append(text, from, to);
            if (to + 1 < text.length() && text.charAt(to + 1) == quote) {
                content.append(quote);
                from = to + 2;
            } else {
                at = to + 1;
                return content.toString();
            }
        }
    }

    char peek() {
        if (atEnd()) {
            throw new UndecodableException("test_decoding sent a line that is cut off");
        }
        return text.charAt(at);
    }
}
