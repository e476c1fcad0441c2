package io.changeover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.api.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProblemCodesTest {

    @Test
    void everyCodeOfTheApiIsExplainedAndNoOther() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "errors.md"));

        assertThat(Pattern.compile("^\\| (CO-4[0-9]{3}) \\| ([0-9]{3}) \\|", Pattern.MULTILINE)
                        .matcher(page)
                        .results()
                        .map((MatchResult row) -> row.group(1) + " " + row.group(2)))
                .containsExactlyElementsOf(Arrays.stream(ProblemCode.values())
                        .map(code -> code.text() + " " + code.status())
                        .toList());
    }
}
