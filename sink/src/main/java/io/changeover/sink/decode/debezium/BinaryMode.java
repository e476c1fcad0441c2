package io.changeover.sink.decode.debezium;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** How bytes travel where their schema is that of a string. */
public enum BinaryMode {
    /** As bytes: a string is nothing that could be told. */
    BYTES,
    BASE64,
    BASE64_URL_SAFE,
    HEX;

    /** As the configuration writes it: {@code base64-url-safe}. */
    public static BinaryMode named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /**
     * The bytes in a string.
     *
     * @throws IllegalArgumentException if it is not of this form
     */
    byte[] decode(String text) {
        return switch (this) {
            case BYTES ->
                throw new IllegalArgumentException(
                        "is a string for a bytea column: set binary.handling.mode as the source has it");
            case BASE64 -> Base64.getDecoder().decode(text);
            case BASE64_URL_SAFE -> Base64.getUrlDecoder().decode(text);
            case HEX -> HexFormat.of().parseHex(text);
        };
    }
}
