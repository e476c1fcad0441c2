package io.changeover.sink.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The operator's table is the program's. {@code -Dchangeover.docs.write=true} writes it. */
class FailurePageTest {

    private static final Path PAGE = Path.of("../docs/failures.md");
    private static final String BEGIN = "<!-- generated: failures -->\n";
    private static final String END = "<!-- end -->";

    @Test
    void thePageHasTheTableThatTheProgramHas() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (Boolean.getBoolean("changeover.docs.write")) {
            page = page.substring(0, begin) + table() + page.substring(end);
            Files.writeString(PAGE, page);
            end = page.indexOf(END);
        }

        assertThat(page.substring(begin, end)).isEqualTo(table());
    }

    private static String table() {
        List<String> lines = new ArrayList<>();
        lines.add("| SQLSTATE | what the sink does | what has happened | what to do |");
        lines.add("| --- | --- | --- | --- |");
        FailureTable.RULES.forEach(rule -> lines.add(line(states(rule), rule)));
        lines.add(line("others", FailureTable.ANYTHING_ELSE));
        lines.add(line("certificate", FailureTable.CERTIFICATE));
        return String.join("\n", lines) + "\n";
    }

    private static String states(FailureRule rule) {
        return rule.states().stream()
                .map(state -> state.length() < 5 ? state + "…" : state)
                .collect(Collectors.joining(", "));
    }

    private static String line(String states, FailureRule rule) {
        return "| " + states + " | " + rule.policy().word() + " | " + rule.meaning() + " | " + rule.advice() + " |";
    }
}
