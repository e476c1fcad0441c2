package io.changeover.leader;

import io.changeover.ledger.LeaderLedger.Leader;
import java.sql.SQLException;

/** Another control plane leads the pair; this one changes nothing of it any more. */
public final class Superseded extends SQLException {

    private static final String STATE = "CO080";
    private static final long serialVersionUID = 1L;

    private Superseded(String who) {
        super(
                "CO-2080: another control plane leads " + who + "; this one changes nothing of it any more. Stop"
                        + " it, or start it anew if it is the one that should lead",
                STATE);
    }

    /** By the one that the ledger names. */
    static Superseded by(String stream, Leader leader) {
        return new Superseded(stream + ": " + leader.controlPlane() + ", epoch " + leader.epoch());
    }

    /** By one that has opened the state topic since. */
    public static Superseded inTheStore(Throwable cause) {
        Superseded superseded = new Superseded("the migrations of this state topic");
        superseded.initCause(cause);
        return superseded;
    }
}
