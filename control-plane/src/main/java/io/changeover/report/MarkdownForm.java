package io.changeover.report;

import java.util.List;
import java.util.stream.Collectors;

/** Sections as Markdown. What comes from databases and people is text there, never markup. */
final class MarkdownForm {

    private MarkdownForm() {}

    static String write(List<Section> sections) {
        StringBuilder page = new StringBuilder();
        for (Section section : sections) {
            page.append(page.isEmpty() ? "" : "\n")
                    .append("#".repeat(section.level()))
                    .append(' ')
                    .append(escaped(section.title()))
                    .append('\n');
            section.text()
                    .forEach(text -> page.append('\n').append(escaped(text)).append('\n'));
            if (!section.header().isEmpty()) {
                page.append('\n').append(row(section.header()));
                page.append(row(section.header().stream().map(name -> "---").toList()));
                section.rows()
                        .forEach(cells -> page.append(
                                row(cells.stream().map(MarkdownForm::escaped).toList())));
            }
        }
        return page.toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").replaceAll("([\\\\`*_{}\\[\\]<>()#|~&!])", "\\\\$1");
    }
}
