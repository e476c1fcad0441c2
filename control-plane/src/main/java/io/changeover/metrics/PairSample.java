package io.changeover.metrics;

import io.changeover.former.FormerSource;
import io.changeover.lag.Cause;
import io.changeover.lag.Progress;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseStatus;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a database pair at a scrape.
 *
 * @param migration its name
 * @param status what is remembered
 * @param progress the last look
 * @param connectors as Connect shows them; empty if it does not answer
 * @param causes what holds changes back
 * @param ready whether a cutover could begin
 * @param back the last look at the way back
 * @param backConnectors of the way back
 * @param backReady whether a rollback could begin
 * @param verification what is known of the verification, or of that of the way back when that follows
 * @param former who still uses the source that was left; empty if it was not, or not looked at yet
 */
public record PairSample(
        String migration,
        DatabaseStatus status,
        Progress progress,
        List<ConnectorLook> connectors,
        List<Cause> causes,
        boolean ready,
        Progress back,
        List<ConnectorLook> backConnectors,
        boolean backReady,
        VerificationSample verification,
        Optional<FormerSource> former) {

    public PairSample {
        connectors = List.copyOf(connectors);
        causes = List.copyOf(causes);
        backConnectors = List.copyOf(backConnectors);
    }
}
