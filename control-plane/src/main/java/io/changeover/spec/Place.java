package io.changeover.spec;

/**
 * Where in a document something is.
 *
 * @param line the line, from 1; 0 where there are no lines
 * @param key the way there from the document's root
 * @param style how the way is written
 */
record Place(int line, String key, Style style) {

    /** How the way to a value is written. */
    enum Style {
        /** {@code spec.databases[0].source}. */
        DOTTED,
        /** {@code /databases/0/source}, RFC 6901. */
        POINTER
    }

    /** The place of a key below this one. */
    Place key(String name, int atLine) {
        String below = switch (style) {
            case DOTTED -> key.isEmpty() ? name : key + "." + name;
            case POINTER -> key + "/" + name.replace("~", "~0").replace("/", "~1");
        };
        return new Place(atLine, below, style);
    }

    /** The place of an item of the list that is here. */
    Place item(int index, int atLine) {
        String below = switch (style) {
            case DOTTED -> key + "[" + index + "]";
            case POINTER -> key + "/" + index;
        };
        return new Place(atLine, below, style);
    }
}
