package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a connection is encrypted, in the words of libpq. */
public enum SslMode implements Worded {
    /** Not at all. */
    DISABLE("disable"),
    /** Encrypted; whoever answers is believed. */
    REQUIRE("require"),
    /** The server has a certificate of a trusted root. */
    VERIFY_CA("verify-ca"),
    /** And the certificate is for the host. */
    VERIFY_FULL("verify-full");

    private final String word;

    SslMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
