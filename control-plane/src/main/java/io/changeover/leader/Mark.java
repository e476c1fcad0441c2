package io.changeover.leader;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells in {@code application_name} whose session it is: {@code changeover-fence 5f3a9c21.1764219156000}.
 *
 * @param stream the pair's change topic, of which the name holds a digest: it is limited to 63 bytes
 * @param epoch of the control plane
 */
record Mark(String stream, long epoch) {

    private static final int DIGITS = 8;

    /** The part that all control planes have that led the pair. */
    String pair() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(stream.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return pair() + "." + epoch;
    }
}
