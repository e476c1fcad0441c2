package io.changeover.spec;

/** A closed choice that is written as a word in the migration file and in JSON. */
interface Worded {

    /** The word, as a person writes it. */
    String word();
}
