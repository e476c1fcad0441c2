package io.changeover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that is generated; what is around it is written by hand. */
final class GeneratedPart {

    private static final String BEGIN = "<!-- generated: see \"How this page is made\" -->\n";
    private static final String END = "<!-- end of the generated part -->\n";

    private final Path page;

    GeneratedPart(String name) {
        page = Path.of("..", "docs", name);
    }

    /** Checks the part, or with {@code -Dwrite.docs=true} writes it first. */
    void requireToBe(String generated) throws IOException {
        if (Boolean.getBoolean("write.docs")) {
            String text = Files.readString(page);
            Files.writeString(
                    page,
                    text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
                            + generated
                            + text.substring(text.indexOf(END)));
        }
        assertThat(read())
                .as(
                        "%s is not what the program says: run mvn -pl control-plane -am test"
                                + " -Dtest='ReferencePagesTest,ReplacingJdbcSinkTest'"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dwrite.docs=true",
                        page)
                .isEqualTo(generated);
    }

    String read() throws IOException {
        String text = Files.readString(page);
        assertThat(text).contains(BEGIN, END);
        return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END));
    }

    /** A cell of a table. */
    static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ').strip();
    }
}
