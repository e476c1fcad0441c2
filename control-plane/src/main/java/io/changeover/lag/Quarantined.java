package io.changeover.lag;

import io.changeover.ledger.QuarantineLedger.Entry;
import io.changeover.ledger.QuarantineLedger.Failure;
import java.util.List;

/** Says in words what is in the quarantine, and so keeps a cutover from beginning. */
public final class Quarantined {

    private Quarantined() {}

    /** A sentence for each. */
    public static List<String> sentences(List<Entry> entries) {
        return entries.stream().map(Quarantined::sentence).toList();
    }

    private static String sentence(Entry entry) {
        Failure failure = entry.failure();
        String where = " at commit LSN " + failure.commitLsn().asString() + " (" + failure.message() + ")";
        return switch (failure.state()) {
            case STOPPED ->
                entry.isOfDefinition()
                        ? failure.message() + " (at commit LSN "
                                + failure.commitLsn().asString() + ")"
                        : "CO-2030: the stream has stopped before a change that cannot be applied: "
                                + failure.operation() + " of table " + failure.table() + where + ", tried "
                                + entry.failures() + " times";
            case SET_ASIDE ->
                "CO-2031: table " + failure.table() + " is set aside, because of its " + failure.operation() + where
                        + "; " + entry.heldBack() + " changes were not applied to it. It has to be loaded again";
            case SKIPPED ->
                "CO-2032: " + entry.failures() + " records of " + failure.table() + " were left out, the last one at"
                        + " offset " + failure.topicOffset() + " (" + failure.message() + ")";
        };
    }
}
