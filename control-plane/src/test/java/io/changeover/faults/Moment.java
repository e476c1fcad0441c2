package io.changeover.faults;

/**
 * A moment that can be seen on a link: something is being said, for the given time since the moment was asked for.
 *
 * @param by which side says it
 * @param phrase part of what is said, such as a keyword of a statement
 * @param time 1 for the first time
 */
record Moment(Side by, String phrase, int time) {

    enum Side {
        CLIENT,
        SERVER
    }

    static Moment request(String phrase) {
        return new Moment(Side.CLIENT, phrase, 1);
    }

    static Moment request(String phrase, int time) {
        return new Moment(Side.CLIENT, phrase, time);
    }

    static Moment answer(String phrase) {
        return new Moment(Side.SERVER, phrase, 1);
    }
}
