package io.changeover.sink.apply;

/** Kinds of row statements. */
enum Operation {
    INSERT("Insert into"),
    UPDATE("Update of"),
    /** An update that must change an identity column, which the server allows in an insert only. */
    REPLACE("Update of"),
    DELETE("Delete from");

    private final String words;

    Operation(String words) {
        this.words = words;
    }

    /** For messages, before a table's name. */
    String words() {
        return words;
    }
}
