package io.changeover.migration;

import java.util.List;
import java.util.Set;

/**
 * Servers of a pair that are gone for ever, so that nothing can be removed there.
 *
 * @param servers which a person has named
 * @param left what was made there and stays, a sentence each with the SQL that would remove it
 */
public record Abandoned(Set<Side> servers, List<String> left) {

    /** Both are there. */
    public static final Abandoned NONE = new Abandoned(Set.of(), List.of());

    public Abandoned {
        servers = Set.copyOf(servers);
        left = List.copyOf(left);
    }

    boolean isNone() {
        return servers.isEmpty();
    }

    Abandoned with(List<String> found) {
        return new Abandoned(servers, found);
    }

    /** For people. */
    public String words() {
        return String.join("\n", left);
    }
}
