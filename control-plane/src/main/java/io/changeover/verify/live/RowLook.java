package io.changeover.verify.live;

/**
 * What one look at a key saw.
 *
 * @param version which version of the row it was, as the server counts them; empty if there was none
 * @param mark stands for the contents; empty if there was none
 */
record RowLook(String version, String mark) {

    /** No row. */
    static final RowLook NONE = new RowLook("", "");

    boolean isThere() {
        return !version.isEmpty();
    }

    /** Several rows, where the key is not unique: a row too many. */
    RowLook and(RowLook other) {
        boolean inOrder = mark.compareTo(other.mark) <= 0;
        return new RowLook(version + "," + other.version, inOrder ? mark + "," + other.mark : other.mark + "," + mark);
    }
}
