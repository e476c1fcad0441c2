package io.changeover.access;

import java.util.Optional;

/** Where the API may listen: on this machine only, unless callers say who they are and nobody can listen to it. */
public final class ListenRule {

    private ListenRule() {}

    /**
     * Why it may not.
     *
     * @param host as it was given
     * @param loopback whether it is an address of this machine that no other can reach
     * @param authenticated whether callers have to say who they are
     * @param encrypted whether it is TLS
     * @param plain whether somebody said that plain HTTP is meant
     * @return what to do about it; empty if it may
     */
    public static Optional<String> problem(
            String host, boolean loopback, boolean authenticated, boolean encrypted, boolean plain) {
        if (loopback) {
            return Optional.empty();
        }
        if (!authenticated) {
            return Optional.of(host + " is not a loopback address: without authentication the API answers this machine"
                    + " only. Give --tokens FILE or --oidc-issuer URL");
        }
        return encrypted || plain
                ? Optional.empty()
                : Optional.of(host + " is not a loopback address, and tokens would pass unencrypted: give --tls-cert"
                        + " and --tls-key, or --plain-http if something in front of it does the encryption");
    }
}
