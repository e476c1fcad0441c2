package io.changeover.api;

import io.changeover.api.Views.PendingView;
import io.changeover.api.Views.SlotView;
import io.changeover.lag.Progress;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Fallback;
import io.changeover.runner.ControlPlane;
import java.util.List;
import java.util.Optional;

/**
 * The way back of a pair; its source is the migration's target.
 *
 * @param phase how far it is
 * @param ready whether a rollback can begin
 * @param requested whether one is wanted
 * @param blockers why it cannot begin
 * @param pending what the old source does not have yet
 * @param slot on the target
 * @param connectors of the stream back
 * @param result what the rollback did
 * @param comparison what was found after it
 */
public record FallbackView(
        String phase,
        boolean ready,
        boolean requested,
        List<String> blockers,
        Optional<PendingView> pending,
        Optional<SlotView> slot,
        Optional<List<ConnectorLook>> connectors,
        List<String> warnings,
        List<Views.QuarantineView> quarantine,
        Optional<CutoverResult> result,
        Optional<ComparisonResult> comparison) {

    static Optional<FallbackView> of(ControlPlane controlPlane, String migration, DatabaseStatus status) {
        return status.fallback().map(fallback -> of(controlPlane, migration, status, fallback));
    }

    private static FallbackView of(
            ControlPlane controlPlane, String migration, DatabaseStatus status, Fallback fallback) {
        Progress progress = controlPlane.rollbacks().progress(migration, status.pair());
        List<String> blockers = controlPlane.rollbacks().blockers(migration, status);
        boolean ended = fallback.phase() == Fallback.Phase.ENDED;
        return new FallbackView(
                fallback.phase().name(),
                blockers.isEmpty(),
                fallback.requested(),
                blockers,
                progress.pending()
                        .filter(now -> fallback.phase() == Fallback.Phase.FOLLOWING)
                        .map(Views::pending),
                progress.slot().filter(slot -> !ended).map(Views::slot),
                controlPlane.rollbacks().connectors(migration, status.pair()),
                ended ? List.of() : progress.warnings(),
                progress.quarantine().stream().map(Views::quarantine).toList(),
                fallback.rollback(),
                fallback.comparison());
    }
}
