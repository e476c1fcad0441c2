package io.changeover.api;

import io.changeover.preflight.Finding;
import io.changeover.preflight.PreflightReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What a preflight has found, as JSON.
 *
 * @param blocks whether the migration may not begin
 * @param at when it was asked for
 */
public record PreflightView(boolean blocks, Instant at, List<FindingView> findings) {

    /** A finding; the severity is BLOCKS, WARNS or INFORMS. */
    public record FindingView(
            String code, String severity, String object, String message, String fix, List<CommandView> commands) {}

    /** A line to copy; the kind is sql, aws, az or shell. */
    public record CommandView(String kind, String line) {}

    /** The shape of a report. */
    public static PreflightView of(PreflightReport report) {
        return new PreflightView(
                report.blocks(),
                report.at(),
                report.findings().stream().map(PreflightView::finding).toList());
    }

    private static FindingView finding(Finding finding) {
        return new FindingView(
                finding.code(),
                finding.severity().name(),
                finding.object(),
                finding.message(),
                finding.fix(),
                finding.commands().stream()
                        .map(command -> new CommandView(command.kind().name().toLowerCase(Locale.ROOT), command.line()))
                        .toList());
    }
}
