package io.changeover.preflight;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Findings as plain text for a terminal or a log: what blocks first, one block per finding, and a sum at the end. */
public final class FindingsText {

    private static final String INDENT = " ".repeat(9);

    private FindingsText() {}

    /** The text, with a line feed at its end. */
    public static String render(List<Finding> findings) {
        if (findings.isEmpty()) {
            return "Nothing found: the migration may begin.\n";
        }
        String blocks = Arrays.stream(Severity.values())
                .flatMap(severity -> findings.stream().filter(finding -> finding.severity() == severity))
                .map(FindingsText::block)
                .collect(Collectors.joining("\n"));
        return blocks + "\n" + sum(findings) + "\n";
    }

    static String block(Finding finding) {
        return String.format("%-8s %s  %s\n", finding.severity(), finding.code(), plain(finding.object()))
                + INDENT + plain(finding.message()) + "\n"
                + INDENT + "Fix: " + plain(finding.fix()) + "\n"
                + finding.commands().stream()
                        .filter(command -> !finding.fix().contains(command.line()))
                        .map(command -> INDENT + "     " + plain(command.line()) + "\n")
                        .collect(Collectors.joining());
    }

    private static String sum(List<Finding> findings) {
        return Arrays.stream(Severity.values())
                .map(severity -> findings.stream()
                                .filter(finding -> finding.severity() == severity)
                                .count()
                        + " " + severity)
                .collect(Collectors.joining(", "));
    }

    /** A name in PostgreSQL can hold what steers a terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
