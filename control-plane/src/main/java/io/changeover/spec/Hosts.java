package io.changeover.spec;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What may stand for a host: one name or one address. A URL could choose what the driver loads, a list whom it meets.
 */
final class Hosts {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*)");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1");

    private Hosts() {}

    /** What is wrong with a host; the host itself is not repeated, for a URL may hold a password. */
    static Optional<String> check(String host) {
        return NAME.matcher(host).matches() || IPV6.matcher(host).matches()
                ? Optional.empty()
                : Optional.of("must be one host name or address: no URL, port, list or parameters");
    }

    /** Whether a connection to the host stays on this machine. */
    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }
}
