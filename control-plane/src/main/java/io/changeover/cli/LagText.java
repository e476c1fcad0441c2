package io.changeover.cli;

import io.changeover.api.Views;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/** How far a target is behind, as text: the positions as a ladder, or in a line. */
final class LagText {

    private static final String RUNG = "  %-10s %-18s %s%n";

    private LagText() {}

    /** A ladder for each pair: what the source has written, down to what is on the target. */
    static String ladders(List<DatabaseLook> looks) {
        return looks.stream().map(look -> ladder(look.view())).collect(Collectors.joining());
    }

    /** A line for each pair. */
    static String lines(List<DatabaseLook> looks) {
        return looks.stream().map(look -> line(look.view())).collect(Collectors.joining());
    }

    private static String head(Views.DatabaseView view) {
        return view.migration() + "/" + view.source() + ": " + view.state() + ", "
                + DatabaseLook.pending(view).map(LagText::behind).orElse("the lag is not known");
    }

    private static String behind(Views.PendingView pending) {
        return "behind " + Words.time(Duration.ofMillis(pending.lagMillis())) + ", pending changes "
                + Words.number(pending.changes()) + " in " + Words.number(pending.records()) + " records, WAL not"
                + " captured " + Words.bytes(pending.walBytes());
    }

    private static String line(Views.DatabaseView view) {
        return String.format(
                "%s%s%n",
                head(view),
                DatabaseLook.pending(view)
                        .map(pending -> ", source " + pending.sourceLsn() + ", slot " + pending.slotLsn()
                                + ", captured " + pending.capturedLsn() + ", applied " + pending.appliedLsn())
                        .orElse(""));
    }

    private static String ladder(Views.DatabaseView view) {
        StringBuilder text = new StringBuilder(String.format("%s%n", head(view)));
        DatabaseLook.pending(view).ifPresent(pending -> {
            text.append(String.format(RUNG, "source", pending.sourceLsn(), ""));
            text.append(rung("slot", pending.slotLsn(), pending));
            text.append(rung("captured", pending.capturedLsn(), pending));
            text.append(rung("applied", pending.appliedLsn(), pending));
        });
        return text.toString();
    }

    private static String rung(String name, String lsn, Views.PendingView pending) {
        long behind = LogSequenceNumber.valueOf(pending.sourceLsn()).asLong()
                - LogSequenceNumber.valueOf(lsn).asLong();
        return String.format(RUNG, name, lsn, Words.bytes(Math.max(0, behind)) + " of WAL behind the source");
    }
}
