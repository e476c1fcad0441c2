package io.changeover.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the API is reached.
 *
 * @param authenticators who know callers; without any, everybody may do everything
 * @param hosts names that it has besides its address
 * @param tls the certificate and its key; empty for plain HTTP
 */
public record Access(List<Authenticator> authenticators, Set<String> hosts, Optional<PemFiles> tls) {

    /** Nobody is asked who he is: for loopback addresses only. */
    public static final Access OPEN = new Access(List.of(), Set.of(), Optional.empty());

    public Access {
        authenticators = List.copyOf(authenticators);
        hosts = Set.copyOf(hosts);
    }

    /** Lets one more in, if anybody has to say who he is. */
    public Access with(Authenticator another) {
        if (authenticators.isEmpty()) {
            return this;
        }
        List<Authenticator> more = new ArrayList<>(authenticators);
        more.add(another);
        return new Access(more, hosts, tls);
    }
}
