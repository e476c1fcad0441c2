package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void everyExitCodeIsExplainedAndNoOther() throws IOException, IllegalAccessException {
        String page = Files.readString(Path.of("..", "docs", "cli.md"));
        String table = page.substring(page.indexOf("## Exit codes"));
        List<Integer> codes = new ArrayList<>();
        for (Field field : ExitCode.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                codes.add(field.getInt(null));
            }
        }

        assertThat(Pattern.compile("^\\| ([0-9]) \\|", Pattern.MULTILINE)
                        .matcher(table)
                        .results()
                        .map(row -> Integer.valueOf(row.group(1))))
                .containsExactlyElementsOf(codes);
    }
}
