package io.changeover.access;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * A token that was just made: the only moment in which it is known here.
 *
 * @param token what its owner sends
 * @param line what the token file keeps of it
 */
public record NewToken(String token, TokenLine line) {

    /** Lets people and scanners of repositories see what a string is. */
    private static final String PREFIX = "co_";

    private static final int BYTES = 32;

    /** A token for a caller, of 256 random bits. */
    public static NewToken of(Caller caller) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return new NewToken(token, new TokenLine(caller, TokenDigest.of(token)));
    }

    /** Lets nobody in but who brings this one. */
    public Authenticator authenticator() {
        return presented -> Optional.of(line)
                .filter(known -> known.digest().matches(TokenDigest.of(presented)))
                .map(TokenLine::caller);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "NewToken[" + line.caller() + "]";
    }
}
