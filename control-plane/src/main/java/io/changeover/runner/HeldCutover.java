package io.changeover.runner;

import io.changeover.cutover.Cutover;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.Sides;
import io.changeover.cutover.Terms;
import io.changeover.migration.CutoverResult;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cutover that was performed, whose sessions this process holds until it lets go of it. Not thread-safe. */
final class HeldCutover {

    private static final Logger LOG = LoggerFactory.getLogger(HeldCutover.class);

    private final String name;
    private final CutoverHooks hooks;
    private @Nullable Cutover cutover;

    /**
     * None yet.
     *
     * @param name of the pair, for people
     * @param hooks that are told when it is given up
     */
    HeldCutover(String name, CutoverHooks hooks) {
        this.name = name;
        this.hooks = hooks;
    }

    /**
     * Performs one.
     *
     * @throws CutoverGivenUp if it did not work out; its hooks were told
     */
    CutoverResult perform(Sides sides, Terms terms) throws SQLException, CutoverGivenUp {
        try {
            Cutover performed = Cutover.perform(sides, terms);
            cutover = performed;
            return performed.result();
        } catch (CutoverGivenUp e) {
            hooks.givenUp(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** The cutover; empty if there is none, or an earlier process had it. */
    Optional<Cutover> get() {
        return Optional.ofNullable(cutover);
    }

    /** Ends the freeze; why it was not in time, or is not wanted any more. */
    Optional<String> settle() {
        return get().filter(held -> !held.settle()).map(Cutover::reason);
    }

    /** Closes its sessions, and with them what they lock. */
    void letGo() {
        Cutover held = cutover;
        cutover = null;
        if (held != null) {
            try {
                held.close();
            } catch (SQLException e) {
                LOG.warn("{}: a connection of the cutover did not close", name, e);
            }
        }
    }
}
