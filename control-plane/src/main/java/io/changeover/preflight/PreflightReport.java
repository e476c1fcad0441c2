package io.changeover.preflight;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a preflight has found, and what it has looked at.
 *
 * @param findings in the order of the checks, none twice
 * @param reached what could be looked at; the checks of the other parts did not run
 * @param at when it was asked for
 */
public record PreflightReport(List<Finding> findings, Set<Part> reached, Instant at) {

    public PreflightReport {
        findings = List.copyOf(findings);
        reached = Set.copyOf(reached);
    }

    /** Whether the migration may not begin. */
    public boolean blocks() {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.BLOCKS);
    }

    /** Whether the check ran, at least for one database. */
    boolean ran(FindingCode code) {
        return reached.contains(code.part()) || !of(code).isEmpty();
    }

    List<Finding> of(FindingCode code) {
        return findings.stream()
                .filter(finding -> finding.code().equals(code.code()))
                .toList();
    }

    /** Every code that there is, in order of number. */
    static List<FindingCode> codes() {
        return Arrays.stream(FindingCode.values())
                .sorted((one, other) -> one.code().compareTo(other.code()))
                .toList();
    }
}
