package io.changeover.bench.apply;

import io.changeover.bench.Parts;
import io.changeover.postgres.ServerSettings;
import java.util.Optional;

/** Something that applies changes to a target and is measured. */
interface ApplySide {

    /** Tells how far it is. */
    interface Position {

        /** Changes applied so far. */
        long applied() throws Exception;
    }

    /**
     * One that has been started.
     *
     * @param worker the Connect worker it runs in, where it does
     * @param check fails if the side has, with its reason
     */
    record Running(Position position, Optional<ProcessHandle> worker, Check check) {}

    /** Fails if something is wrong. */
    interface Check {

        /** Looks once. */
        void run() throws Exception;
    }

    /** One or a few words, for names of measurements. */
    String name();

    /** Whether a target that differs from the source afterwards ends the benchmark; otherwise the report says so. */
    default boolean mustBeEqual() {
        return true;
    }

    /**
     * Starts to apply everything there is.
     *
     * @param run a name for what it needs on the servers, new for each measurement: lower case, digits, underscores
     * @param target a database of its own
     * @param parts stops it and leaves nothing of it, but its worker runs on
     */
    Running start(String run, ServerSettings target, Parts parts) throws Exception;
}
