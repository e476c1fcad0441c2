package io.changeover.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a token, by which it is known without being kept. A fast hash is enough: a token has 256 random bits,
 * and nobody guesses those.
 */
public final class TokenDigest {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private final byte[] bytes;

    private TokenDigest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of a token. */
    public static TokenDigest of(String token) {
        try {
            return new TokenDigest(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As it is written: 64 hexadecimal digits. */
    static Optional<TokenDigest> parse(String hex) {
        return HEX.matcher(hex).matches()
                ? Optional.of(new TokenDigest(HexFormat.of().parseHex(hex)))
                : Optional.empty();
    }

    /** Whether it is the same; takes as long whether or not. */
    boolean matches(TokenDigest other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** 64 hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }
}
