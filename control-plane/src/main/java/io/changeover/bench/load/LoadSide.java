package io.changeover.bench.load;

import io.changeover.bench.Parts;
import io.changeover.postgres.ServerSettings;
import java.util.Map;
import java.util.Optional;

/** A way to load. */
interface LoadSide {

    /** In names of measurements. */
    String name();

    /** Whether it wants the tables to be there, without keys. */
    default boolean wantsTables() {
        return true;
    }

    /**
     * Whether it loads a part of the rows only ({@link LoadServers#SHARE}), because all of them would take too long.
     */
    default boolean loadsAShare() {
        return false;
    }

    /** What is not measured: all that a person would have done before. */
    default void prepare(ServerSettings target, String run, Parts parts) throws Exception {}

    /**
     * Loads all tables, and makes their keys.
     *
     * @param run a name of its own
     * @param parts stop what is started here
     */
    void load(ServerSettings target, String run, Parts parts) throws Exception;

    /** How long the parts of the last load took, in seconds, by name; for a side that can tell. */
    default Map<String, Double> phases() {
        return Map.of();
    }

    /** The process whose CPU time is reported. */
    default Optional<ProcessHandle> worker() {
        return Optional.empty();
    }
}
