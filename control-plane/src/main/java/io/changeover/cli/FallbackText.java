package io.changeover.cli;

import io.changeover.api.FallbackView;
import io.changeover.api.Views;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The way back of a pair as text. */
final class FallbackText {

    private FallbackText() {}

    /** One line for where it is, and one for each thing that is wrong; none without a way back. */
    static List<String> lines(Views.DatabaseView view) {
        return view.fallback().map(FallbackText::lines).orElse(List.of());
    }

    private static List<String> lines(FallbackView back) {
        String where = "way back: " + back.phase()
                + back.pending().map(FallbackText::behind).orElse("")
                + back.slot()
                        .map(slot -> ", the target keeps " + Words.bytes(slot.retainedWalBytes()) + " of WAL")
                        .orElse("")
                + (back.requested() ? ", a rollback is wanted" : "")
                + (back.phase().equals("FOLLOWING") && !back.blockers().isEmpty() && !back.requested()
                        ? ", a rollback cannot begin: " + String.join("; ", back.blockers())
                        : "");
        return Stream.of(
                        List.of(where),
                        failures(back),
                        back.warnings().stream()
                                .map(each -> "WARNING way back: " + each)
                                .toList(),
                        back.quarantine().stream()
                                .map(each -> "QUARANTINE way back: " + Words.quarantine(each))
                                .toList())
                .flatMap(List::stream)
                .toList();
    }

    private static String behind(Views.PendingView pending) {
        return ", the old source is behind " + Words.time(Duration.ofMillis(pending.lagMillis())) + ", pending changes "
                + Words.number(pending.changes());
    }

    private static List<String> failures(FallbackView back) {
        return back.connectors().orElse(List.of()).stream()
                .filter(connector -> connector.failure().isPresent())
                .map(connector -> "FAILED " + connector.name() + ": "
                        + connector.failure().orElse(""))
                .toList();
    }
}
