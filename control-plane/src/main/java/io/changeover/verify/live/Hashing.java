package io.changeover.verify.live;

/** Where rows become numbers. Both sides always do it in the same place. */
enum Hashing {
    /** On the servers, by two {@code hashtextextended} with different seeds: nothing but sums travels. */
    SERVER,
    /**
     * Here, by SHA-256: a server before 11 has no such function, and where the two databases have different encodings
     * the same text is different bytes.
     */
    HERE;

    private static final int EXTENDED_HASHES = 11;

    static Hashing of(int oldestMajor, boolean sameEncoding) {
        return oldestMajor >= EXTENDED_HASHES && sameEncoding ? SERVER : HERE;
    }
}
