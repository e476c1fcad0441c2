package io.changeover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Codes that are written in messages, CO-2xxx; those of the preflight and of the API are enums with tests of their own.
 */
class ErrorCodesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern CODE = Pattern.compile("CO-2[0-9]{3}");
    private static final Pattern ROW = Pattern.compile("^\\| `?(CO-2[0-9]{3})", Pattern.MULTILINE);
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?<!:)//[^\n]*", Pattern.DOTALL);

    @Test
    void everyCodeOfAMessageIsExplainedAndNoOther() throws IOException {
        Set<String> explained = new TreeSet<>();
        for (String page : List.of("errors.md", "failures.md")) {
            ROW.matcher(Files.readString(ROOT.resolve("docs").resolve(page)))
                    .results()
                    .forEach(row -> explained.add(row.group(1)));
        }

        assertThat(explained).isEqualTo(codesOfMessages());
    }

    private static Set<String> codesOfMessages() throws IOException {
        Set<String> codes = new TreeSet<>();
        for (String module : List.of("connectors", "sink", "control-plane")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(ErrorCodesTest::withoutComments)
                        .flatMap(code -> CODE.matcher(code).results())
                        .map(MatchResult::group)
                        .forEach(codes::add);
            }
        }
        return codes;
    }

    private static String withoutComments(Path file) {
        try {
            return COMMENT.matcher(Files.readString(file)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
