package io.changeover.access;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names under which the control plane may be asked. A page of a stranger whose name the stranger points to this
 * machine has another one. Addresses cannot be pointed elsewhere.
 */
public final class HostNames {

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final Set<String> names;
    private final boolean anyAddress;

    /**
     * Names of a listener.
     *
     * @param listen the host that it listens on
     * @param more names that it has besides, without ports
     */
    public HostNames(String listen, Set<String> more) {
        names = new HashSet<>(LOOPBACK);
        names.add(listen.toLowerCase(Locale.ROOT));
        more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        anyAddress = WILDCARDS.contains(listen);
    }

    /** Whether the header Host names one of them, whatever the port. */
    boolean holds(String header) {
        String host =
                header.replaceFirst(":[0-9]*$", "").replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
        boolean address = IPV4.matcher(host).matches() || header.startsWith("[");
        return names.contains(host) || (anyAddress && address);
    }
}
